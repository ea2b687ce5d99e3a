//! From arguments to claim lines, by the same reader that reads files: what is
//! right in a file is right here, and nothing else.

use adjudicate::claim::ClaimLine;
use adjudicate::input::{Cell, Column, ColumnMap, Fault, Layout, Row, RowReader};

use crate::cli::arguments::CheckArguments;
use crate::cli::exit::Failure;

/// The columns that arguments fill, in order.
const COLUMNS: [Column; 19] = [
    Column::ClaimId,
    Column::LineNumber,
    Column::ServiceDate,
    Column::ProcedureCode,
    Column::DiagnosisCodes,
    Column::DiagnosisPointers,
    Column::LineOfBusiness,
    Column::Modifiers,
    Column::Units,
    Column::AuthorizationNumber,
    Column::Etiology,
    Column::Technique,
    Column::Symptomatic,
    Column::SeverePain,
    Column::Hospitalized,
    Column::AmbulationPrevented,
    Column::FdaClearedDevice,
    Column::ConservativeWeeks,
    Column::FractureAgeWeeks,
];

/// The lines that were asked about, as rows of text.
pub(super) struct Question {
    /// The procedure asked about stands last: what is given with it was there
    /// before it.
    rows: Vec<[String; COLUMNS.len()]>,
}

/// One of the rows, as a reader of rows sees it.
struct ArgumentRow<'a>(&'a [String]);

impl<'a> Row<'a> for ArgumentRow<'a> {
    fn cell(&self, column: usize) -> Cell<'a> {
        self.0.get(column).map_or(Cell::Blank, |text| Cell::Text(text))
    }
}

impl Question {
    /// The rows that the arguments describe.
    pub(super) fn new(arguments: &CheckArguments) -> Self {
        let of_session = arguments.with.iter().map(|procedure| (procedure, false));
        let all = of_session.chain(std::iter::once((&arguments.procedure, true)));
        let rows = all.zip(1_u32..).map(|((procedure, asked), number)| {
            COLUMNS.map(|column| value(arguments, column, procedure, asked, number).unwrap_or_default())
        });
        Self { rows: rows.collect() }
    }

    /// Where the columns stand.
    pub(super) fn columns() -> Result<ColumnMap, Failure> {
        let names = COLUMNS.map(|column| column.to_string());
        Ok(ColumnMap::new("the command line", &names, &Layout::embedded("native")?)?)
    }

    /// The rows as claim lines.
    pub(super) fn lines<'a, 'm: 'a>(&'a self, reader: &RowReader<'m>) -> Result<Vec<ClaimLine<'a>>, Failure> {
        let line = |row: &'a [String; COLUMNS.len()]| {
            let row = ArgumentRow(row);
            let procedure = reader.procedure(&row).ok_or_else(|| not_a_procedure(&row))?;
            reader.read(&row, procedure).map_err(|fault| refused(&fault))
        };
        self.rows.iter().map(line).collect()
    }
}

/// What one column holds. Modifiers and units are those of the procedure asked
/// about; all else holds for the session.
fn value(arguments: &CheckArguments, column: Column, procedure: &str, asked: bool, number: u32) -> Option<String> {
    let facts = &arguments.facts;
    let list = |values: &[String]| Some(values.join(";"));
    match column {
        Column::ClaimId => Some("check".to_owned()),
        Column::LineNumber => Some(number.to_string()),
        Column::ServiceDate => Some(arguments.date.to_string()),
        Column::ProcedureCode => Some(procedure.to_owned()),
        Column::DiagnosisCodes => list(&arguments.diagnoses),
        Column::DiagnosisPointers => list(&arguments.pointers),
        Column::LineOfBusiness => arguments.line_of_business.clone(),
        Column::Modifiers if asked => list(&arguments.modifiers),
        Column::Units if asked => arguments.units.clone(),
        Column::AuthorizationNumber => arguments.authorization_number.clone(),
        Column::Etiology => facts.etiology.clone(),
        Column::Technique => facts.technique.clone(),
        Column::Symptomatic => facts.symptomatic.clone(),
        Column::SeverePain => facts.severe_pain.clone(),
        Column::Hospitalized => facts.hospitalized.clone(),
        Column::AmbulationPrevented => facts.ambulation_prevented.clone(),
        Column::FdaClearedDevice => facts.fda_cleared_device.clone(),
        Column::ConservativeWeeks => facts.conservative_weeks.clone(),
        Column::FractureAgeWeeks => facts.fracture_age_weeks.clone(),
        _ => None,
    }
}

fn not_a_procedure(row: &ArgumentRow<'_>) -> Failure {
    let place = COLUMNS.iter().position(|column| *column == Column::ProcedureCode);
    let text = place.and_then(|place| row.0.get(place)).map_or("", String::as_str);
    Failure::told(format!("{text:?} is not a procedure code: one to eight letters and digits, modifiers behind it"))
}

/// The fault of a column, told of the argument that filled it.
fn refused(fault: &Fault) -> Failure {
    let argument = match fault.column {
        None => "the arguments".to_owned(),
        Some(Column::DiagnosisCodes) => "DIAGNOSIS".to_owned(),
        Some(Column::DiagnosisPointers) => "--pointer".to_owned(),
        Some(Column::Modifiers) => "--modifier".to_owned(),
        Some(Column::ServiceDate) => "--date".to_owned(),
        Some(column) => format!("--{}", column.to_string().replace('_', "-")),
    };
    Failure::told(format!("{argument}: {}", fault.reason))
}
