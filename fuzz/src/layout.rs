//! Layout files.

use std::sync::OnceLock;

use adjudicate::input::{ColumnMap, Layout, RowReader, embedded_layouts};

/// One of the layouts that come with the program, each read once; the first is the
/// program's own.
pub fn embedded(place: usize) -> &'static Layout {
    static LAYOUTS: OnceLock<Vec<Layout>> = OnceLock::new();
    let read = |(name, text): &(&str, &str)| Layout::parse(name, text).expect("a layout of ours");
    let layouts = LAYOUTS.get_or_init(|| embedded_layouts().iter().map(read).collect());
    layouts.get(place % layouts.len()).expect("one of them")
}

/// A layout that is read maps the columns that it names.
pub fn check(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let layout = match Layout::parse("layout.toml", text) {
        Ok(layout) => layout,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert_eq!(Layout::parse("another.toml", text).as_ref().ok(), Some(&layout));
    assert!(layout.columns.values().all(|sources| !sources.is_empty()));
    assert!(layout.delimiter.is_none_or(|delimiter| delimiter.is_ascii()));
    // A file of just the columns that it names, each once.
    let mut names: Vec<String> = layout.columns.values().flatten().cloned().collect();
    let folded = |name: &String| name.trim().to_lowercase();
    names.sort_unstable_by_key(folded);
    names.dedup_by_key(|name| folded(name));
    match ColumnMap::new("claims.csv", &names, &layout) {
        Ok(map) => {
            assert_eq!(map.absent(&layout), []);
            assert_eq!(map.used_places().len(), names.len());
            let _ = RowReader::new(&map);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
