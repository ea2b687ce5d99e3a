//! Which texts of rows are the same, known without a look at them.

/// Numbers of a row's texts. Of two rows that have the same number for a text, it is the same
/// text; 0 says nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TextNumbers {
    /// Of the file.
    pub source_file: u32,
    /// Of the claim.
    pub claim_id: u32,
    /// Of the diagnoses.
    pub diagnosis_codes: u32,
    /// Of the provider.
    pub provider_npi: u32,
    /// Of the detail.
    pub detail: u32,
}

impl TextNumbers {
    /// The number of the file, and those of claim, diagnoses, provider and detail.
    #[must_use]
    #[inline]
    pub fn new(source_file: u32, [claim_id, diagnosis_codes, provider_npi, detail]: [u32; 4]) -> Self {
        Self { source_file, claim_id, diagnosis_codes, provider_npi, detail }
    }
}
