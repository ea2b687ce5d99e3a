//! The report's charts: drawn once, as SVG, so that they show on paper and without
//! a script. Their colours are names for the page's own: see `page.css`.

use charts_rs::{
    AxisScale, BarChart, Color, HorizontalBarChart, LegendCategory, ScatterChart, Series, Symbol, YAxisConfig,
};

/// The colours that `page.css` knows, by their names there.
const COLOURS: [(u8, u8, u8); 5] =
    [(0x1f, 0x5f, 0xa8), (0xc2, 0x57, 0x0c), (0x2e, 0x7d, 0x5b), (0x8a, 0x4f, 0xa3), (0x7a, 0x7a, 0x7a)];
const WIDTH: f32 = 900.0;
/// The height of a horizontal bar with its gap.
const BAR: f32 = 26.0;

/// Bars lying below each other, the first on top, each with its name.
pub(in crate::report) fn bars(bars: &[(String, f64)]) -> String {
    if bars.iter().all(|(_, value)| *value == 0.0) {
        return String::new();
    }
    // The library draws the first bar at the bottom.
    let (names, values) = bars.iter().rev().map(|(name, value)| (name.clone(), rounded(*value))).unzip();
    let mut chart = HorizontalBarChart::new(vec![Series::new(String::new(), values)], names);
    chart.width = WIDTH;
    #[allow(clippy::cast_precision_loss)]
    let height = 50.0 + BAR * bars.len() as f32;
    chart.height = height;
    chart.legend.show = Some(false);
    chart.background_color = Color::default();
    chart.series.colors = colours();
    svg(chart.svg())
}

/// Columns side by side, each a stack of named parts.
pub(super) fn stacks(names: &[String], parts: &[(String, Vec<f64>)]) -> String {
    if parts.iter().all(|(_, values)| values.iter().all(|value| *value == 0.0)) {
        return String::new();
    }
    let series = parts.iter().map(|(name, values)| {
        let mut series = Series::new(name.clone(), values.iter().map(|value| rounded(*value)).collect());
        series.stack = Some("all".to_owned());
        series
    });
    let mut chart = BarChart::new(series.collect(), names.to_vec());
    column_chart(&mut chart);
    svg(chart.svg())
}

/// Named columns side by side.
pub(in crate::report) fn columns(names: &[String], parts: &[(String, Vec<f64>)]) -> String {
    if parts.iter().all(|(_, values)| values.iter().all(|value| *value == 0.0)) {
        return String::new();
    }
    let series = parts
        .iter()
        .map(|(name, values)| Series::new(name.clone(), values.iter().map(|value| rounded(*value)).collect()));
    let mut chart = BarChart::new(series.collect(), names.to_vec());
    column_chart(&mut chart);
    svg(chart.svg())
}

/// Named columns side by side, in percent.
pub(super) fn percents(names: &[String], parts: &[(String, Vec<f64>)]) -> String {
    let series = parts.iter().map(|(name, values)| {
        Series::new(name.clone(), values.iter().map(|value| rounded((*value * 10.0).round() / 10.0)).collect())
    });
    let mut chart = BarChart::new(series.collect(), names.to_vec());
    column_chart(&mut chart);
    axis(&mut chart.y_axis_configs).formatter = Some("{c}%".to_owned());
    svg(chart.svg())
}

fn column_chart(chart: &mut BarChart) {
    chart.width = WIDTH;
    chart.height = 300.0;
    chart.legend.category = LegendCategory::Rect;
    chart.background_color = Color::default();
    chart.series.colors = colours();
}

/// Points of two kinds on logarithmic axes: those like the others, those that are
/// not.
pub(super) fn funnel(alike: &[(f64, f64)], unlike: &[(f64, f64)]) -> String {
    if alike.is_empty() && unlike.is_empty() {
        return String::new();
    }
    let series = |name: &str, points: &[(f64, f64)]| {
        let flat = points.iter().flat_map(|(x, y)| [rounded(*x), rounded(*y)]);
        Series::new(name.to_owned(), flat.collect())
    };
    let kinds = [("like their peers", alike), ("told below", unlike)];
    let kinds = kinds.iter().filter(|(_, points)| !points.is_empty());
    let mut chart = ScatterChart::new(kinds.map(|(name, points)| series(name, points)).collect());
    chart.width = WIDTH;
    chart.height = 420.0;
    chart.background_color = Color::default();
    chart.series.colors = colours();
    chart.series_symbols = vec![Symbol::Circle(4.0, None), Symbol::Diamond(7.0, None)];
    chart.series_symbol_sizes = vec![4.0, 7.0];
    chart.legend.category = LegendCategory::Rect;
    chart.x_axis_config.scale = AxisScale::Log(10.0);
    let y = axis(&mut chart.y_axis_configs);
    y.scale = AxisScale::Log(2.0);
    y.title = Some("Observed over expected".to_owned());
    svg(chart.svg())
}

/// The chart's first axis of values.
fn axis(axes: &mut Vec<YAxisConfig>) -> &mut YAxisConfig {
    if axes.is_empty() {
        axes.push(YAxisConfig::default());
    }
    // There is one by now.
    #[allow(clippy::indexing_slicing)]
    &mut axes[0]
}

fn colours() -> Vec<Color> {
    COLOURS.into_iter().map(Color::from).collect()
}

/// A chart shows no more digits than `f32` has; the figures are in its table.
#[allow(clippy::cast_possible_truncation)]
fn rounded(value: f64) -> f32 {
    value as f32
}

/// A chart that cannot be drawn is left out: its table has the figures.
fn svg(drawn: charts_rs::Result<String>) -> String {
    drawn.unwrap_or_default()
}
