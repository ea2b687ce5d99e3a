//! Programs: which set of rules a line of business follows.

use std::collections::BTreeMap;

/// The program that a line of business belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Program {
    /// Every line of business that follows the payer's own guideline.
    Commercial,
    /// The Federal Employee Program.
    Fep,
    /// State account organizations.
    Sao,
    /// Medicare and Medicare Advantage.
    Medicare,
}

impl Program {
    /// Every program, in output order.
    pub const ALL: [Self; 4] = [Self::Commercial, Self::Fep, Self::Sao, Self::Medicare];

    /// The program's name in policies and in the output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::Fep => "fep",
            Self::Sao => "sao",
            Self::Medicare => "medicare",
        }
    }

    /// The program that a policy file calls so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|program| program.name() == name)
    }
}

/// Which program each line-of-business text means, from all loaded policies.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProgramNames {
    names: BTreeMap<String, Program>,
}

impl ProgramNames {
    /// Adds a name.
    ///
    /// # Errors
    ///
    /// The program that the name already means, where it is another.
    pub fn add(&mut self, name: &str, program: Program) -> Result<(), Program> {
        match self.names.insert(fold(name), program) {
            Some(other) if other != program => Err(other),
            _ => Ok(()),
        }
    }

    /// The program of a line of business; `None` where no policy knows the
    /// name. Case, blanks, `-` and `_` do not matter. Blank text is commercial.
    #[must_use]
    pub fn find(&self, line_of_business: &str) -> Option<Program> {
        if line_of_business.is_empty() || line_of_business == "commercial" {
            return Some(Program::Commercial);
        }
        let folded = fold(line_of_business);
        if folded.is_empty() {
            return Some(Program::Commercial);
        }
        self.names.get(&folded).copied()
    }

    /// Whether no name is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Every name, folded, with its program, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Program)> {
        self.names.iter().map(|(name, program)| (name.as_str(), *program))
    }
}

/// A name as it is compared.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && *c != '-' && *c != '_').flat_map(char::to_lowercase).collect()
}
