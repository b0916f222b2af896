//! Charts, compared with what was counted by hand.

use super::*;

#[test]
fn coverage_is_what_was_counted_by_hand() {
    let charts = counted().session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts
        .coverage
        .iter()
        .map(|row| (row.office.as_str(), row.name.as_str(), row.inspected, row.registered, row.rate.as_deref()))
        .collect();
    assert_eq!(rows, [(YONGNING, "永宁县", 2, 3, Some("66.67%")), (LINGWU, "灵武市", 1, 1, Some("100.00%")),]);
}

#[test]
fn cases_results_and_weeks_are_what_was_counted_by_hand() {
    let charts = counted().session.charts(Some(CAMPAIGN)).unwrap();
    let lines: Vec<_> = charts.lines.iter().map(|row| (row.code.as_str(), row.filed, row.closed)).collect();
    assert_eq!(lines, [("quality", 2, 1), ("price", 1, 0)]);
    let results: Vec<_> = charts
        .categories
        .iter()
        .map(|row| (row.code.as_str(), row.batches, row.nonconforming, row.rate.as_deref()))
        .collect();
    assert_eq!(results, [("mask", 3, 1, Some("33.33%")), ("meltblown", 1, 0, Some("0.00%"))]);
    let weeks: Vec<_> =
        charts.weeks.iter().map(|row| (row.from.as_str(), row.inspections, row.samples, row.cases)).collect();
    assert_eq!(
        weeks,
        [
            ("2021-03-01", 1, 0, 0),
            ("2021-03-08", 3, 3, 2),
            ("2021-03-15", 0, 0, 0),
            ("2021-03-22", 1, 0, 0),
            ("2021-03-29", 0, 1, 1),
        ]
    );
    assert_eq!(charts.weeks[0].to, "2021-03-07");
}

#[test]
fn a_county_sees_its_stations_apart() {
    let mut book = Book::at(YONGNING, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        enterprise(2, STATION),
        enterprise(3, STATION),
        inspection(1, STATION, 2, "2021-04-01", json!({})),
    ]);
    let charts = book.session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts.coverage.iter().map(|row| (row.office.as_str(), row.inspected, row.registered)).collect();
    assert_eq!(rows, [(YONGNING, 0, 1), (STATION, 1, 2)]);
}

#[test]
fn a_department_that_lags_is_seen_beside_its_city() {
    let mut book = Book::at("210000", "2021-05-27");
    let (city, departments) = ("210200", ["210200-01", "210200-02"]);
    let (county, station) = ("210281", "210281-01");
    let mut lines = Vec::new();
    for (n, office) in
        [(1, city), (2, departments[0]), (3, departments[1]), (4, county), (5, station), (6, "210000-01")]
    {
        lines.push(enterprise(n, office));
        // The second department has inspected nobody.
        if n != 3 {
            lines.push(inspection(n, office, n, "2021-04-01", json!({})));
        }
    }
    book.load(&lines);
    let charts = book.session.charts(Some(CAMPAIGN)).unwrap();
    let rows: Vec<_> = charts.coverage.iter().map(|row| (row.office.as_str(), row.inspected, row.registered)).collect();
    assert_eq!(
        rows,
        [("210000-01", 1, 1), (city, 1, 1), (departments[0], 1, 1), (departments[1], 0, 1), (county, 2, 2)],
        "the county's station is its county's"
    );
}
