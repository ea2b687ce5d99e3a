//! One of the two runs, and its decisions row by row.

use std::path::{Path, PathBuf};

use adjudicate::claim::{ClaimStatus, Decimal};
use adjudicate::report::comparison::{DecidedLine, Line, SideTold};
use adjudicate::report::{DecisionFormat, Manifest};
use adjudicate::rules::Disposition;
use adjudicate::run::Select;

use crate::cli::exit::Failure;
use crate::cli::finished::{self, Reading, Rows};

/// A finished run.
pub(super) struct Side {
    pub(super) manifest: Manifest,
    folder: PathBuf,
    decisions: PathBuf,
    format: DecisionFormat,
}

/// The columns of the decisions that are compared or told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Column {
    SourceFile,
    SourceRow,
    ClaimId,
    LineNumber,
    ServiceDate,
    Procedure,
    Provider,
    Units,
    Billed,
    Paid,
    Disposition,
    Rule,
    Rules,
    Detail,
    PolicyVersion,
    ClaimStatus,
}

/// Their names, in that order.
pub(super) const COLUMNS: [&str; 16] = [
    "source_file",
    "source_row",
    "claim_id",
    "line_number",
    "service_date",
    "procedure_code",
    "provider_npi",
    "units",
    "billed_amount",
    "paid_amount",
    "disposition",
    "rule",
    "rules",
    "detail",
    "policy_version",
    "claim_status",
];

impl Side {
    /// Reads what a run says of itself; its decisions must be as it left them.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let manifest = Manifest::read(folder)?;
        let (name, format) = finished::decisions_file(&manifest)?;
        finished::unchanged(folder, &manifest, name, "")?;
        Ok(Self { folder: folder.to_owned(), decisions: folder.join(name), format, manifest })
    }

    /// Whether its decisions hold no allowed lines.
    pub(super) fn is_flagged(&self) -> bool {
        self.manifest.options.select == Select::Flagged.name()
    }

    /// Its decisions, from the first.
    pub(super) fn rows(&self) -> Result<SideRows, Failure> {
        let rows = Rows::new(&self.decisions, self.format);
        let reading = rows.spreadsheet_safe(self.manifest.options.spreadsheet_safe).read(&COLUMNS)?;
        Ok(SideRows { reading })
    }

    pub(super) fn told(&self) -> SideTold {
        SideTold::of(&self.folder.display().to_string(), &self.manifest)
    }
}

/// Decisions on their way.
pub(super) struct SideRows {
    reading: Reading,
}

impl SideRows {
    /// Reads the next row in the place of another; false behind the last.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Failure> {
        if !self.reading.next(&mut row.texts)? {
            return Ok(false);
        }
        row.parse().map_err(|reason| self.reading.told(reason))?;
        Ok(true)
    }

    /// A failure of this file.
    pub(super) fn told(&self, reason: &str) -> Failure {
        self.reading.told(reason)
    }
}

/// A decision as it was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Row {
    /// Its columns.
    pub(super) texts: Vec<String>,
    /// Its row in the source file.
    pub(super) place: u64,
    pub(super) disposition: Disposition,
    pub(super) paid: Option<Decimal>,
}

impl Default for Row {
    fn default() -> Self {
        Self { texts: Vec::new(), place: 0, disposition: Disposition::Allow, paid: None }
    }
}

impl Row {
    /// Reads the numbers of its columns. The error is for people.
    pub(super) fn parse(&mut self) -> Result<(), &'static str> {
        let named = self.text(Column::Disposition);
        let disposition = Disposition::ALL.into_iter().find(|known| known.name() == named);
        let place = self.text(Column::SourceRow).parse();
        self.paid = match self.text(Column::Paid) {
            // What the payer denied it did not pay, whatever stands there.
            _ if self.text(Column::ClaimStatus) == ClaimStatus::Denied.word() => Some(Decimal::ZERO),
            "" => None,
            paid => Some(Decimal::parse(paid.as_bytes()).ok_or("a paid amount is no number")?),
        };
        self.disposition = disposition.ok_or("a row has no disposition that is known")?;
        self.place = place.map_err(|_| "a row's place is no number")?;
        Ok(())
    }

    /// A column.
    pub(super) fn text(&self, column: Column) -> &str {
        self.texts.get(column as usize).map_or("", String::as_str)
    }

    /// The same line, allowed: nothing else is known of it.
    pub(super) fn allowed(&self) -> Self {
        let mut row = Self { disposition: Disposition::Allow, ..self.clone() };
        for column in [Column::Rule, Column::Rules, Column::Detail, Column::PolicyVersion] {
            if let Some(text) = row.texts.get_mut(column as usize) {
                text.clear();
            }
        }
        row
    }

    /// What is compared of it.
    pub(super) fn line(&self) -> Line<'_> {
        Line {
            service_date: self.text(Column::ServiceDate),
            procedure: self.text(Column::Procedure),
            provider: self.text(Column::Provider),
            paid: self.paid,
            disposition: self.disposition,
            rule: self.text(Column::Rule),
        }
    }

    /// All that is told of it.
    pub(super) fn decided(&self) -> DecidedLine<'_> {
        let number = |column: Column| Decimal::parse(self.text(column).as_bytes());
        DecidedLine {
            line: self.line(),
            source_file: self.text(Column::SourceFile),
            source_row: self.place,
            claim_id: self.text(Column::ClaimId),
            line_number: self.text(Column::LineNumber),
            units: number(Column::Units),
            billed: number(Column::Billed),
            rules: self.text(Column::Rules),
            detail: self.text(Column::Detail),
            policy_version: self.text(Column::PolicyVersion),
        }
    }
}
