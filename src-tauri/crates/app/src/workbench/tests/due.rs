//! What waits, what is over and what is soon.

use super::*;

#[test]
fn a_problem_is_over_the_day_after_and_soon_for_a_week() {
    let mut book = Book::at(REGION, "2021-05-27");
    book.load(&[
        enterprise(1, YONGNING),
        problem(1, 1, None, "2021-05-26", "open"),
        problem(2, 1, None, "2021-05-27", "open"),
        problem(3, 1, None, "2021-06-03", "open"),
        problem(4, 1, None, "2021-06-04", "open"),
        problem(5, 1, None, "2021-05-01", "rectified"),
        problem(6, 1, None, "2021-05-01", "verified"),
    ]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].group, groups[0].total, groups[0].overdue), (DueGroup::Problem, 3, 1));
    let days: Vec<_> = groups[0].page.lines.iter().map(|line| line.days).collect();
    assert_eq!(days, [Some(-1), Some(0), Some(7)]);
    let first = &groups[0].page.lines[0];
    assert_eq!((first.title.as_str(), first.enterprise.as_str()), ("问题1", "口罩厂1"));
    assert_eq!((first.office.as_str(), first.office_name.as_str()), (YONGNING, "永宁县"));
    assert_eq!(book.session.due(Some("weibin-2021")).unwrap(), [], "of another campaign");
    assert_eq!(book.session.due(None).unwrap()[0].total, 3, "of all of them");
}

#[test]
fn an_order_to_rectify_waits_until_someone_looked_again() {
    let mut book = Book::at(REGION, "2021-05-27");
    let ordered = || json!({ "outcome": "rectify", "rectify_by": "2021-05-20" });
    let mut lines: Vec<Value> = (1..=9).map(|n| enterprise(n, YONGNING)).collect();
    lines.extend((1..=9).map(|n| inspection(n, YONGNING, n, "2021-05-10", ordered())));
    lines.extend([
        // 1 nobody looked; 2 followed up; 3 re-checked later; 4 re-checked the same day, which is no later one.
        inspection(12, YONGNING, 2, "2021-05-19", json!({ "follow_up_of": id('a', 2) })),
        inspection(13, YONGNING, 3, "2021-05-19", json!({ "mode": "recheck" })),
        inspection(14, YONGNING, 4, "2021-05-10", json!({ "mode": "recheck" })),
        // 5 its problem is verified; 6 is rectified, and nobody looked; 7 is open with a day of its own.
        problem(5, 5, Some(5), "2021-05-20", "verified"),
        problem(6, 6, Some(6), "2021-05-20", "rectified"),
        problem(7, 7, Some(7), "2021-05-20", "open"),
        // 8 turned out to be 9, which was re-checked since.
        json!({ "kind": "enterprise", "id": id('e', 8), "fields": { "same_as": id('e', 9) } }),
        inspection(19, YONGNING, 9, "2021-05-21", json!({ "mode": "recheck" })),
    ]);
    book.load(&lines);
    let waiting: Vec<String> = book.group(DueGroup::Recheck).into_iter().map(|(id, _)| id).collect();
    assert_eq!(waiting, [id('a', 1), id('a', 4), id('a', 6)]);
    assert_eq!(book.group(DueGroup::Problem), [(id('d', 7), Some(-7))]);

    // A follow-up that is voided never was.
    let voided = json!({ "kind": "inspection", "id": id('a', 12), "void": "重复", "fields": {} });
    book.load(&[voided]);
    assert!(book.group(DueGroup::Recheck).contains(&(id('a', 2), Some(-7))));
}

#[test]
fn a_batch_waits_for_its_reinspection_and_a_sample_for_its_result() {
    let mut book = Book::at(REGION, "2021-05-27");
    let failed = || json!({ "result": "nonconforming", "reported_on": "2021-05-01", "nonconforming_quantity": 10 });
    let disposal = |n: u32, more: Value| {
        let mut fields =
            json!({ "sample": id('b', n), "rectify_ordered_on": "2021-05-02", "rectify_by": "2021-05-27" });
        extend(&mut fields, more);
        line("disposal", &id('f', n), YONGNING, fields)
    };
    book.load(&[
        enterprise(1, YONGNING),
        sample(1, YONGNING, 1, "2021-04-20", "mask", failed()),
        sample(2, YONGNING, 1, "2021-04-20", "mask", failed()),
        disposal(1, json!({})),
        disposal(2, json!({ "reinspected_on": "2021-05-10", "reinspection": "pass" })),
        // Asked after on the twentieth day: overdue, today, in seven days, in eight.
        sample(3, YONGNING, 1, "2021-05-06", "mask", json!({})),
        sample(4, YONGNING, 1, "2021-05-07", "mask", json!({})),
        sample(5, YONGNING, 1, "2021-05-14", "mask", json!({})),
        sample(6, YONGNING, 1, "2021-05-15", "mask", json!({})),
    ]);
    assert_eq!(book.group(DueGroup::Reinspection), [(id('f', 1), Some(0))]);
    assert_eq!(book.group(DueGroup::Result), [(id('b', 3), Some(-1)), (id('b', 4), Some(0)), (id('b', 5), Some(7))]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    let disposed = groups.iter().find(|group| group.group == DueGroup::Reinspection).unwrap();
    assert_eq!(disposed.page.lines[0].enterprise, "口罩厂1", "through its sample");
    assert_eq!(disposed.page.lines[0].title, "CJ1 口罩");
    let results = groups.iter().find(|group| group.group == DueGroup::Result).unwrap();
    assert_eq!((results.total, results.overdue, results.term), (3, 1, Some(20)));
}

#[test]
fn a_penalty_is_to_be_published_within_twenty_working_days_over_the_may_holiday() {
    let penalised = |on: &str| json!({ "penalty_on": on });
    let ledger = [
        enterprise(1, YONGNING),
        case(1, YONGNING, 1, "quality", "2021-04-01", penalised("2021-04-25")),
        case(2, YONGNING, 1, "quality", "2021-04-01", penalised("2021-04-26")),
        case(3, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-01")),
        case(4, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-05")),
        case(5, YONGNING, 1, "quality", "2021-04-01", penalised("2021-05-08")),
        case(
            6,
            YONGNING,
            1,
            "quality",
            "2021-04-01",
            json!({ "penalty_on": "2021-04-20", "published_on": "2021-04-27" }),
        ),
        case(7, YONGNING, 1, "quality", "2021-04-01", json!({})),
    ];
    // 04-25 is a working Sunday: from it on the 20 are over on 05-25; from 04-26 on 05-26; from within the holiday on 06-01;
    // from the working Saturday 05-08 on 06-04.
    let mut book = Book::at(REGION, "2021-05-26");
    book.load(&ledger);
    assert_eq!(
        book.group(DueGroup::Publication),
        [(id('c', 1), Some(-1)), (id('c', 2), Some(0)), (id('c', 3), Some(6)), (id('c', 4), Some(6))]
    );
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!((groups[0].total, groups[0].overdue), (4, 1));
    assert_eq!(groups[0].page.lines[0].due.as_deref(), Some("2021-05-25"));
    assert!(!groups[0].page.lines[0].provisional);

    // A year nobody has a notice for: only weekends are left out, and the day is provisional.
    let mut book = Book::at(REGION, "2099-05-28");
    book.load(&[enterprise(1, YONGNING), case(1, YONGNING, 1, "quality", "2099-05-01", penalised("2099-05-01"))]);
    let line = &book.session.due(None).unwrap()[0].page.lines[0];
    assert_eq!((line.due.as_deref(), line.provisional), (Some("2099-05-29"), true));
}

#[test]
fn a_remark_waits_for_an_answer_and_opens_what_it_is_about() {
    let mut book = Book::at(REGION, "2021-05-27");
    let review = |n: u32, state: &str| {
        line("review", &id('f', n), YONGNING, json!({ "of": id('c', 1), "text": "请核对金额", "state": state }))
    };
    book.load(&[
        enterprise(1, YONGNING),
        case(1, YONGNING, 1, "quality", "2021-04-01", json!({})),
        review(1, "open"),
        review(2, "answered"),
    ]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!((groups.len(), groups[0].group, groups[0].total, groups[0].overdue), (1, DueGroup::Review, 1, 0));
    let line = &groups[0].page.lines[0];
    assert_eq!((line.id.clone(), line.kind.as_str(), line.title.as_str()), (id('c', 1), "case", "请核对金额"));
    assert_eq!(
        (line.enterprise.as_str(), line.due.clone(), line.since.as_deref()),
        ("口罩厂1", None, Some("2021-05-27"))
    );
}

#[test]
fn a_long_list_comes_in_pages_without_a_gap_or_a_repeat() {
    let mut book = Book::at(REGION, "2021-05-27");
    let mut lines = vec![enterprise(1, YONGNING)];
    // Ten of each day, written out of order, so that days and row numbers disagree.
    lines.extend((1..=120).map(|n| problem(n, 1, None, &format!("2021-05-{:02}", 1 + (n * 7) % 12), "open")));
    book.load(&lines);
    let group = book.session.due(None).unwrap().remove(0);
    assert_eq!((group.total, group.overdue, group.page.lines.len()), (120, 120, 50));
    let (mut seen, mut next) = (group.page.lines, group.page.next);
    while let Some(after) = next {
        let page = book.session.due_more(None, DueGroup::Problem, &after).unwrap();
        seen.extend(page.lines);
        next = page.next;
    }
    let days: Vec<_> = seen.iter().map(|line| line.due.clone().unwrap()).collect();
    assert!(days.is_sorted());
    let ids: std::collections::BTreeSet<_> = seen.iter().map(|line| line.id.clone()).collect();
    assert_eq!((seen.len(), ids.len()), (120, 120));
    assert_eq!(book.session.due_more(None, DueGroup::Problem, "nonsense").unwrap_err().code(), "request-malformed");
}

#[test]
fn what_the_documents_order_after_a_nonconforming_batch_waits() {
    let mut book = Book::at(REGION, "2020-06-20");
    let survey = "samr-2020-51";
    let failed = |more: Value| {
        let mut fields =
            json!({ "result": "nonconforming", "reported_on": "2020-06-10", "nonconforming_quantity": 10 });
        extend(&mut fields, more);
        fields
    };
    let of_survey = |mut line: Value| {
        line["campaigns"] = json!([survey]);
        line
    };
    let disposal = |n: u32, more: Value| {
        let mut fields = json!({ "sample": id('b', n), "stop_sale_on": "2020-06-05" });
        extend(&mut fields, more);
        line("disposal", &id('f', n), YONGNING, fields)
    };
    let flow = |handled: Value| json!({ "destination": "银川", "quantity": 5, "handled": handled });
    let mut lines: Vec<Value> = (1..=4).map(|n| of_survey(enterprise(n, YONGNING))).collect();
    lines.extend([
        // 1 nothing was done; 2 announced and told of, one flow open; 3 all done, passed, and looked back at; 4 passed only.
        of_survey(sample(1, YONGNING, 1, "2020-06-01", "mask", failed(json!({})))),
        of_survey(sample(2, YONGNING, 2, "2020-06-01", "mask", failed(json!({ "announced_on": "2020-06-12", "shared_on": "2020-06-12", "shared_with": ["commerce"] })))),
        of_survey(sample(3, YONGNING, 3, "2020-03-01", "mask", json!({ "result": "nonconforming", "reported_on": "2020-03-05", "announced_on": "2020-03-06", "shared_on": "2020-03-06", "shared_with": ["commerce"] }))),
        of_survey(sample(4, YONGNING, 4, "2020-03-01", "mask", json!({ "result": "nonconforming", "reported_on": "2020-03-05", "announced_on": "2020-03-06", "shared_on": "2020-03-06", "shared_with": ["commerce"] }))),
        disposal(2, json!({ "flows": [flow(json!(true)), flow(Value::Null)] })),
        disposal(3, json!({ "stop_sale_on": "2020-03-06", "flows": [flow(json!(true))], "reinspected_on": "2020-03-20", "reinspection": "pass" })),
        disposal(4, json!({ "stop_sale_on": "2020-03-06", "reinspected_on": "2020-03-21", "reinspection": "pass" })),
        of_survey(inspection(3, YONGNING, 3, "2020-06-18", json!({ "mode": "lookback" }))),
    ]);
    book.load(&lines);
    let groups = book.session.due(Some(survey)).unwrap();
    let days = |group: DueGroup| -> Vec<(String, Option<i32>)> {
        let found = groups.iter().find(|known| known.group == group);
        found.map_or(Vec::new(), |found| found.page.lines.iter().map(|line| (line.id.clone(), line.days)).collect())
    };
    assert_eq!(days(DueGroup::Disposal), [(id('b', 1), Some(-10))], "at once");
    assert_eq!(days(DueGroup::Announcement), [(id('b', 1), Some(-3))]);
    assert_eq!(days(DueGroup::Sharing), [(id('b', 1), Some(-3))]);
    assert_eq!(days(DueGroup::Flow), [(id('f', 2), Some(0))], "the second flow is not handled");
    assert_eq!(days(DueGroup::LookBack), [(id('f', 4), Some(-1))], "90 days after 03-21");
    // A campaign that orders neither asks for neither.
    let elsewhere = book.session.due(Some(CAMPAIGN)).unwrap();
    assert_eq!(elsewhere, []);
    let all: Vec<DueGroup> = book.session.due(None).unwrap().into_iter().map(|group| group.group).collect();
    assert_eq!(
        all,
        [DueGroup::Disposal, DueGroup::Flow, DueGroup::LookBack, DueGroup::Announcement, DueGroup::Sharing]
    );
    // Joined to one that was looked back at, 4 waits no longer.
    book.load(&[json!({ "kind": "enterprise", "id": id('e', 4), "fields": { "same_as": id('e', 3) } })]);
    assert_eq!(
        book.session.due(Some(survey)).unwrap().iter().filter(|group| group.group == DueGroup::LookBack).count(),
        0
    );
}

#[test]
fn recalls_clues_supervision_and_what_expires_wait() {
    let mut book = Book::at(REGION, "2021-06-20");
    let recall = |n: u32, started: &str, more: Value| {
        let mut fields = json!({ "enterprise": id('e', 1), "category": "mask", "started_on": started, "quantity": 5, "cause": format!("原因{n}") });
        extend(&mut fields, more);
        line("recall", &id('9', n), YONGNING, fields)
    };
    let clue = |n: u32, received: &str, more: Value| {
        let mut fields = json!({ "received_on": received, "source": "complaint", "content": format!("线索{n}") });
        extend(&mut fields, more);
        line("clue", &id('7', n), YONGNING, fields)
    };
    let mut shop = enterprise(2, YONGNING);
    shop["fields"]["instruments"] = json!([
        { "name": "焦度计", "number": "J-1", "valid_until": "2021-07-20" },
        { "name": "验光机", "number": "Y-1", "valid_until": "2021-06-19" },
    ]);
    let mut later = enterprise(3, YONGNING);
    later["fields"]["instruments"] = json!([{ "name": "焦度计", "valid_until": "2021-07-21" }]);
    let plan = |n: u32, more: Value| {
        let mut fields = json!({
            "date": "2021-05-01", "mode": "plan", "enterprises": [id('e', 1)], "content": format!("一企一策{n}"),
            "plan": "原料验收", "plan_measures": "驻厂", "plan_until": "2021-06-25",
        });
        extend(&mut fields, more);
        line("assistance", &id('8', n), YONGNING, fields)
    };
    book.load(&[
        enterprise(1, YONGNING),
        shop,
        later,
        recall(1, "2021-05-20", json!({})),
        recall(2, "2021-05-22", json!({ "effect": "pending" })),
        recall(3, "2021-05-01", json!({ "effect": "achieved" })),
        clue(1, "2021-06-12", json!({ "export": true })),
        clue(2, "2021-06-13", json!({ "handed_to": "customs" })),
        clue(3, "2021-06-01", json!({ "export": true, "handed_to": "customs", "handed_on": "2021-06-02" })),
        clue(4, "2021-06-01", json!({ "export": false })),
        case(1, YONGNING, 1, "quality", "2021-04-01", json!({ "supervised": true, "supervised_by": "自治区", "supervised_until": "2021-06-21" })),
        case(2, YONGNING, 1, "quality", "2021-04-01", json!({ "supervised": true, "supervised_by": "自治区", "supervised_until": "2021-06-01", "closed_on": "2021-05-30" })),
        plan(1, json!({})),
        plan(2, json!({ "outcome": "达到目标" })),
    ]);
    assert_eq!(book.group(DueGroup::Recall), [(id('9', 1), Some(-1)), (id('9', 2), Some(1))]);
    assert_eq!(book.group(DueGroup::Handover), [(id('7', 1), Some(-1)), (id('7', 2), Some(0))]);
    assert_eq!(book.group(DueGroup::Supervision), [(id('c', 1), Some(1))]);
    // Within a month: the shop by the one of its instruments that is over; a plan whose outcome stands is done.
    assert_eq!(book.group(DueGroup::Expiry), [(id('e', 2), Some(-1)), (id('8', 1), Some(5))]);
    let groups = book.session.due(Some(CAMPAIGN)).unwrap();
    let expiry = groups.iter().find(|group| group.group == DueGroup::Expiry).unwrap();
    assert_eq!((expiry.total, expiry.overdue), (2, 1));
    let said: Vec<(&str, &str)> =
        expiry.page.lines.iter().map(|line| (line.title.as_str(), line.enterprise.as_str())).collect();
    assert_eq!(said, [("验光机 Y-1", "口罩厂2"), ("一企一策1", "")]);
    assert!(book.session.due(Some("weibin-2021")).unwrap().is_empty(), "of another campaign");
}
