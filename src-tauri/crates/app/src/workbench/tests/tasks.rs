//! Tasks and the campaign they are shown for.

use super::*;

#[test]
fn no_task_is_done_beyond_all_of_it() {
    let mut book = Book::at(REGION, "2021-05-27");
    // Inspected, sampled and helped, but registered for no campaign, or as nothing the task is about; a case of before.
    let stranger = line("enterprise", &id('e', 9), YONGNING, json!({ "name": "广告公司", "roles": ["medium"] }));
    let mut unregistered = enterprise(8, YONGNING);
    unregistered["campaigns"] = json!([]);
    book.load(&[
        enterprise(1, YONGNING),
        stranger,
        unregistered,
        inspection(1, YONGNING, 9, "2021-04-01", json!({})),
        inspection(2, YONGNING, 8, "2021-04-01", json!({})),
        sample(1, YONGNING, 8, "2021-04-01", "mask", json!({})),
        case(1, YONGNING, 1, "quality", "2021-02-01", json!({ "closed_on": "2021-04-12" })),
        line(
            "assistance",
            &id('f', 1),
            YONGNING,
            json!({ "date": "2021-04-01", "mode": "training", "enterprises": [id('e', 8)] }),
        ),
    ]);
    for task in book.session.tasks(Some(CAMPAIGN)).unwrap() {
        if let (Some(done), Some(of)) = (task.done, task.of) {
            assert!(done.value <= of.value, "{}: {} of {}", task.id, done.value, of.value);
        }
    }
    let tasks = book.session.tasks(Some(CAMPAIGN)).unwrap();
    let survey = tasks.iter().find(|task| task.id == "survey").unwrap();
    assert_eq!((survey.done.as_ref().unwrap().value, survey.of.as_ref().unwrap().value), (0, 1));
}

#[test]
fn the_national_survey_measures_sampling_by_product() {
    let campaign = "samr-2020-51";
    let mut book = Book::at(REGION, "2021-05-27");
    let of_campaign = |mut line: Value| {
        if line["campaigns"] != json!([]) {
            line["campaigns"] = json!([campaign]);
        }
        line
    };
    let product = |n: u32, of: u32, variety: &str, medical: bool| {
        let fields = json!({ "enterprise": id('e', of), "category": "mask", "name": "口罩", "variety": variety, "medical": medical });
        line("product", &id('d', n), YONGNING, fields)
    };
    let taken =
        |n: u32, of: u32, variety: &str| sample(n, YONGNING, of, "2021-04-01", "mask", json!({ "variety": variety }));
    let lines = [
        enterprise(1, YONGNING),
        enterprise(2, YONGNING),
        product(1, 1, "防尘口罩", false),
        product(2, 1, "儿童口罩", false),
        product(3, 2, "儿童口罩", false),
        product(4, 2, "医用外科口罩", true),
        taken(1, 1, "防尘口罩"),
        taken(2, 2, "儿童口罩"),
        // Varieties nobody makes, and a medical one: they cover nothing.
        taken(3, 2, "医用外科口罩"),
        taken(4, 1, "日常防护型口罩"),
    ];
    book.load(&lines.map(of_campaign));
    let tasks = book.session.tasks(Some(campaign)).unwrap();
    let of = |id: &str| {
        let task = tasks.iter().find(|task| task.id == id).unwrap();
        let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
        (value(&task.done), value(&task.of), task.rate.as_deref())
    };
    assert_eq!(of("sampling"), (Some(1), Some(2), Some("50.00%")), "1 has a product left");
    assert_eq!(of("varieties"), (Some(2), Some(3), Some("66.67%")));
}

#[test]
fn a_warning_letter_is_no_help() {
    let campaign = "ln-2020";
    let mut book = Book::at("210200", "2020-06-20");
    let letter = |n: u32, mode: &str| {
        let fields = json!({ "date": "2020-06-01", "mode": mode, "enterprises": [id('e', n)] });
        let mut line = line("assistance", &id('f', n), "210200", fields);
        line["campaigns"] = json!([campaign]);
        line
    };
    let modes = ["warning_letter", "talk", "commitment", "training", "clinic"];
    let mut lines = Vec::new();
    for (n, mode) in (1..).zip(modes) {
        let mut maker = enterprise(n, "210200");
        maker["campaigns"] = json!([campaign]);
        lines.extend([maker, letter(n, mode)]);
    }
    book.load(&lines);
    let tasks = book.session.tasks(Some(campaign)).unwrap();
    let service = tasks.iter().find(|task| task.id == "service").unwrap();
    let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
    assert_eq!((value(&service.done), value(&service.of)), (Some(2), Some(5)));
}

#[test]
fn a_task_counts_what_the_form_counts() {
    let book = counted();
    let tasks = book.session.tasks(Some(CAMPAIGN)).unwrap();
    let of = |id: &str| {
        let task = tasks.iter().find(|task| task.id == id).unwrap();
        let value = |figure: &Option<TaskFigure>| figure.as_ref().map(|figure| figure.value);
        (value(&task.done), value(&task.of), task.rate.as_deref(), task.share)
    };
    // Yongning's 1 and 3, Lingwu's 4; of 1, 2, 3 and 4.
    assert_eq!(of("survey"), (Some(3), Some(4), Some("75.00%"), Some(7500)));
    assert_eq!(of("enforcement"), (Some(1), Some(3), Some("33.33%"), Some(3333)));
    assert_eq!(of("online"), (Some(0), Some(0), None, None), "a rate over nothing is none");
    let request = crate::forms::FillRequest::new("nx-2021-24/1", "2021-05-27".parse().unwrap());
    let traced = book.session.traced_records(&request, "total", "closed").unwrap();
    assert_eq!(traced.len(), 1);
}

#[test]
fn the_campaign_shown_is_the_chosen_one_or_the_one_at_work() {
    let book = counted();
    let shown = |chosen: Option<&str>| book.session.workbench(chosen).map(|view| (view.campaign, view.chosen));
    assert_eq!(shown(Some("ln-2020")), Ok(("ln-2020".to_owned(), true)));
    assert_eq!(shown(None), Ok((CAMPAIGN.to_owned(), false)), "another began the same day, without a record");
    assert_eq!(shown(Some("nowhere")).unwrap_err().code(), "campaign-unknown");
    let empty = Book::at(REGION, "2020-06-01");
    let view = empty.session.workbench(None).unwrap();
    assert!(view.empty);
    assert_eq!(view.period.day, 18, "one of the two that began on 2020-05-15");
    // Long after all of them, the last that was worked on.
    let mut later = Book::at(REGION, "2024-01-01");
    later.load(&[enterprise(1, YONGNING)]);
    assert_eq!(later.session.workbench(None).unwrap().campaign, CAMPAIGN);
}
