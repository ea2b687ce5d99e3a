//! An entry as it is written, in either format: texts by field.

/// A field of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Id,
    Owner,
    Reason,
    Expires,
    Rules,
    ClaimId,
    LineNumber,
    MemberId,
    ProviderNpi,
    Procedure,
    From,
    To,
}

impl Field {
    pub(super) const ALL: [Self; 12] = [
        Self::Id,
        Self::Owner,
        Self::Reason,
        Self::Expires,
        Self::Rules,
        Self::ClaimId,
        Self::LineNumber,
        Self::MemberId,
        Self::ProviderNpi,
        Self::Procedure,
        Self::From,
        Self::To,
    ];

    /// The name in the files.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Owner => "owner",
            Self::Reason => "reason",
            Self::Expires => "expires",
            Self::Rules => "rules",
            Self::ClaimId => "claim_id",
            Self::LineNumber => "line_number",
            Self::MemberId => "member_id",
            Self::ProviderNpi => "provider_npi",
            Self::Procedure => "procedure",
            Self::From => "from",
            Self::To => "to",
        }
    }

    /// The field of a name, in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name.trim()))
    }

    /// Whether it may hold several values.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::Rules | Self::Procedure)
    }

    /// The names of all, for messages.
    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

/// The values of an entry. A field that is not given has none.
#[derive(Default)]
pub(super) struct RawEntry {
    /// Where it stands, as messages name it.
    pub(super) place: String,
    values: [Vec<String>; Field::ALL.len()],
}

impl RawEntry {
    pub(super) fn at(place: String) -> Self {
        Self { place, values: Default::default() }
    }

    /// Adds a value to a field.
    pub(super) fn add(&mut self, field: Field, value: &str) {
        if let Some(values) = self.values.get_mut(field as usize) {
            values.push(value.trim().to_owned());
        }
    }

    /// The values of a field.
    pub(super) fn all(&self, field: Field) -> &[String] {
        self.values.get(field as usize).map_or(&[], Vec::as_slice)
    }

    /// The one value of a field.
    pub(super) fn one(&self, field: Field) -> Option<&str> {
        self.all(field).first().map(String::as_str)
    }
}
