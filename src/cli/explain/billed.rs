//! A line as it stands in its row.

use adjudicate::claim::DiagnosisText;
use adjudicate::input::Column;
use adjudicate::run::KeptLine;

use super::told::BilledTold;

/// What is billed in a row.
pub(super) fn billed(kept: &KeptLine) -> BilledTold {
    let text = |column: Column| kept.text(column).to_owned();
    let joined = |numbered: fn(&Column) -> Option<u8>| {
        let filled = kept.columns.iter().filter_map(|(column, text)| Some(format!("{} {text}", numbered(column)?)));
        filled.collect::<Vec<_>>().join("; ")
    };
    let or = |list: String, numbered: String| if list.is_empty() { numbered } else { list };
    let line = kept.line();
    let pointed = line.examined().filter(|_| line.given.pointers).map(|one| printed(&one.text));
    BilledTold {
        procedure: text(Column::ProcedureCode),
        diagnoses: or(
            text(Column::DiagnosisCodes),
            joined(|column| match column {
                Column::Diagnosis(number) => Some(*number),
                _ => None,
            }),
        ),
        pointers: text(Column::DiagnosisPointers),
        pointed: pointed.collect(),
        modifiers: or(
            text(Column::Modifiers),
            joined(|column| match column {
                Column::Modifier(number) => Some(*number),
                _ => None,
            }),
        ),
        units: text(Column::Units),
        line_of_business: text(Column::LineOfBusiness),
        place_of_service: text(Column::PlaceOfService),
    }
}

/// A diagnosis as it is printed.
pub(super) fn printed(diagnosis: &DiagnosisText<'_>) -> String {
    let mut text = Vec::new();
    diagnosis.write(&mut text);
    String::from_utf8_lossy(&text).into_owned()
}
