//! The columns of clinical facts.

use super::source::{Source, cell, optional, stated, text};
use super::{Column, ColumnMap, Fault, Row, scalars};
use crate::claim::{ClinicalFacts, Etiology, Technique};

/// Where the facts stand in the rows of one file.
#[derive(Clone, Debug)]
pub(super) struct FactColumns<'m> {
    sources: [Source<'m>; FACTS.len()],
    /// Whether the file has any.
    any: bool,
}

const FACTS: [Column; 9] = [
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

impl<'m> FactColumns<'m> {
    pub(super) fn new(map: &'m ColumnMap) -> Self {
        Self { sources: FACTS.map(|column| Source::of(map, column)), any: FACTS.iter().any(|column| map.has(*column)) }
    }

    /// Reads what a row says of them.
    #[inline]
    pub(super) fn read<'a>(&self, row: &impl Row<'a>, facts: &mut ClinicalFacts) -> Result<(), Fault>
    where
        'm: 'a,
    {
        if self.any {
            *facts = self.facts(row)?;
        }
        Ok(())
    }

    fn facts<'a>(&self, row: &impl Row<'a>) -> Result<ClinicalFacts, Fault>
    where
        'm: 'a,
    {
        let [etiology, technique, symptomatic, pain, hospital, walking, device, weeks, age] = self.sources;
        let yes_no = |source, column| {
            optional(cell(source, row), scalars::answer).map_err(|reason| Fault { column: Some(column), reason })
        };
        let number = |source, column| {
            optional(cell(source, row), scalars::weeks).map_err(|reason| Fault { column: Some(column), reason })
        };
        Ok(ClinicalFacts {
            etiology: stated(text(etiology, row), Etiology::from_word),
            technique: stated(text(technique, row), Technique::from_word),
            symptomatic: yes_no(symptomatic, Column::Symptomatic)?,
            severe_pain: yes_no(pain, Column::SeverePain)?,
            hospitalized: yes_no(hospital, Column::Hospitalized)?,
            ambulation_prevented: yes_no(walking, Column::AmbulationPrevented)?,
            fda_cleared_device: yes_no(device, Column::FdaClearedDevice)?,
            conservative_weeks: number(weeks, Column::ConservativeWeeks)?,
            fracture_age_weeks: number(age, Column::FractureAgeWeeks)?,
        })
    }
}
