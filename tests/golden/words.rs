//! What the reports of the shipped campaigns say in words, counted by hand over the ledgers of the tables.

use std::collections::BTreeMap;

use app::reports::{LetterPeople, Period, SectionWords, WordsRequest, plain, requoted, source};

use crate::desk::{Desk, MAY_27_2020, MAY_27_2021, alone};

/// Found before the campaign; on its first day; twice the same words; on the cut-off, put right; the day after it.
const PROBLEMS: &str = r#"
{"kind":"problem","id":"90000000-0000-4000-8000-000000000001","office":"210100","campaigns":["ln-2020"],"fields":{"enterprise":"e0000000-0000-4000-8000-000000000081","found_on":"2020-05-14","description":"标签缺项。","state":"open"}}
{"kind":"problem","id":"90000000-0000-4000-8000-000000000002","office":"210100","campaigns":["ln-2020"],"fields":{"enterprise":"e0000000-0000-4000-8000-000000000081","found_on":"2020-05-15","description":"标签未标注\n执行标准。","state":"open"}}
{"kind":"problem","id":"90000000-0000-4000-8000-000000000003","office":"210200","campaigns":["ln-2020"],"fields":{"enterprise":"e0000000-0000-4000-8000-000000000082","found_on":"2020-05-22","description":"标签未标注 执行标准","state":"open"}}
{"kind":"problem","id":"90000000-0000-4000-8000-000000000004","office":"210100","campaigns":["ln-2020"],"fields":{"enterprise":"e0000000-0000-4000-8000-000000000083","found_on":"2020-05-27","description":"进货台账不全","state":"rectified","measure":"补齐台账"}}
{"kind":"problem","id":"90000000-0000-4000-8000-000000000005","office":"210100","campaigns":["ln-2020"],"fields":{"enterprise":"e0000000-0000-4000-8000-000000000083","found_on":"2020-05-28","description":"没有验收","state":"open"}}
"#;

fn province() -> Desk {
    let mut desk = Desk::new("210000", "辽宁省市场监督管理局", MAY_27_2020);
    desk.load("ledger-ln.jsonl");
    let mut problems = PROBLEMS.trim_start().as_bytes();
    desk.session.load(&mut problems, false, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
    desk
}

fn asked(report: &str, period: Period) -> WordsRequest {
    WordsRequest {
        campaign: "ln-2020".to_owned(),
        report: report.to_owned(),
        office: None,
        as_of: "2020-05-27".parse().unwrap(),
        period,
        written: BTreeMap::new(),
    }
}

#[track_caller]
fn reads(sections: &[SectionWords], expected: &[(&str, &str)]) {
    let said: Vec<(&str, String)> =
        sections.iter().map(|section| (section.id.as_str(), plain(&section.pieces))).collect();
    let expected: Vec<(&str, String)> = expected.iter().map(|(id, text)| (*id, (*text).to_owned())).collect();
    assert_eq!(said, expected);
}

/// The six things of 五（四）, in the text's order.
#[test]
fn the_weekly_report_of_liaoning() {
    alone("words::the_weekly_report_of_liaoning", || {
        let desk = province();
        let since = |day: &str| Period::Since(day.parse().unwrap());
        let said = desk.session.draft_words(&asked("weekly", since("2020-05-21"))).unwrap();
        reads(
            &said,
            &[
                // Producers surveyed: e81 (i31, i32), e82, e86. Batches: s31 to s34 and s36 to s39; since 05-21 s33, s34.
                (
                    "measures",
                    "截至2020年5月27日，累计排查生产企业3家，抽查产品8批次（本期2批次），检查出口企业0家、\
                     认证检验检测机构0家，帮扶生产企业0家。",
                ),
                // e81 (with e84), e82, e83 (with e85), e86; each of them again since 05-21 (i32, i34, i35, i39).
                (
                    "enterprises",
                    "截至2020年5月27日，累计检查市场主体4家，本期检查4家；其中排查生产企业和原辅材料生产企业3家。",
                ),
                // i31 2, i32 3, i33 2, i34 2, i35 4, i36 2, i39 1; since 05-21 without i31 and i33.
                ("staff", "截至2020年5月27日，累计出动执法人员16人次，本期出动12人次。"),
                // Problems 2, 3 and 4; since 05-21 3 and 4. Nonconforming by the cut-off: s31, s36, s37.
                (
                    "problems",
                    "累计发现问题3个，本期2个，已整改1个；抽查发现不合格产品3批次。\n\
                     主要问题：标签未标注 执行标准（2）；进货台账不全（1）。",
                ),
                // Filed: c31, c32, c33, c35, c36, c37, c38, c42, c43; since 05-21 c32. Penalised: c31, c33, c34, c35, c38, c43 with
                //   6,123,849 fen; since 05-21 c31, c33, c35, c38 with 6,123,500. Transferred: c36, c37.
                (
                    "cases",
                    "累计立案9件，本期1件；累计处罚案件6件，罚没6.1238万元，本期罚没6.1235万元；移送公安机关2件。",
                ),
                ("next", ""),
            ],
        );

        // The first report of all: everything is of the period.
        let whole = desk.session.draft_words(&asked("weekly", Period::Whole)).unwrap();
        assert_eq!(plain(&whole[2].pieces), "截至2020年5月27日，累计出动执法人员16人次，本期出动16人次。");

        // After a report that said 17, one person-time was taken back since.
        let figures = BTreeMap::from([("person_times".to_owned(), 17), ("filed".to_owned(), 4)]);
        let after = Period::AfterReport { since: "2020-05-21".parse().unwrap(), figures };
        let after = desk.session.draft_words(&asked("weekly", after)).unwrap();
        assert_eq!(plain(&after[2].pieces), "截至2020年5月27日，累计出动执法人员16人次，本期出动-1人次。");
        assert!(plain(&after[4].pieces).starts_with("累计立案9件，本期5件；"));
    });
}

#[test]
fn the_final_report_of_liaoning() {
    alone("words::the_final_report_of_liaoning", || {
        let desk = province();
        let said = desk.session.draft_words(&asked("final", Period::Whole)).unwrap();
        reads(
            &said,
            &[
                (
                    "results",
                    "专项整治行动开展以来（截至2020年5月27日），全市累计出动执法人员16人次，检查市场主体4家，排查生产企业3家，\
                     抽查产品8批次，发现不合格产品3批次；立案9件，结案0件，处罚案件6件，罚没6.1238万元，移送公安机关2件；\
                     发现问题3个，已整改1个；帮扶生产企业0家。",
                ),
                ("practices", ""),
                ("difficulties", "主要问题：标签未标注 执行标准（2）；进货台账不全（1）。"),
                ("proposals", ""),
            ],
        );
    });
}

/// What a clerk wrote is kept with its quotes: numbers that were left alone go on counting, one written over stays.
#[test]
fn a_section_that_was_edited_goes_on_counting() {
    alone("words::a_section_that_was_edited_goes_on_counting", || {
        let mut desk = province();
        let mut request = asked("weekly", Period::Whole);
        let said = desk.session.draft_words(&request).unwrap();
        let written = "至5月27日，全市出动执法人员20人次，其中本期出动16人次；市场主体见上节。";
        let edited = requoted(&said[2].pieces, written);
        assert_eq!(plain(&edited), written);
        request.written.insert("staff".to_owned(), source(&edited));
        assert_eq!(
            request.written["staff"],
            "至{as_of_cn=5月27日}，全市出动执法人员{figure:person_times=20}人次，其中本期出动{period:person_times}人次；市场主体见上节。"
        );

        let more = r#"{"kind":"inspection","id":"10000000-0000-4000-8000-000000000099","office":"210100","campaigns":["ln-2020"],"fields":{"date":"2020-05-26","enterprise":"e0000000-0000-4000-8000-000000000081","inspectors":["张三","李四"],"line":"quality","department":"market","categories":["mask"],"outcome":"normal"}}"#;
        desk.session.load(&mut more.as_bytes(), false, &mut |_| {}).unwrap_or_else(|failure| panic!("{failure}"));
        let now = desk.session.draft_words(&request).unwrap();
        let expected = "至5月27日，全市出动执法人员20人次，其中本期出动18人次；市场主体见上节。";
        assert_eq!(plain(&now[2].pieces), expected);

        for (section, text, code) in
            [("staff", "共{figure:person_times人次", "section-text-unreadable"), ("staffs", "", "section-unknown")]
        {
            let written = BTreeMap::from([(section.to_owned(), text.to_owned())]);
            let refused = desk.session.draft_words(&WordsRequest { written, ..request.clone() }).unwrap_err();
            assert_eq!(refused.code(), code);
        }
        // A figure the campaign has no more leaves a gap to be seen, and everything else as it was.
        request.written.insert("staff".to_owned(), "共{figure:gone}人次".to_owned());
        let now = desk.session.draft_words(&request).unwrap();
        assert_eq!((plain(&now[2].pieces).as_str(), now[2].source.as_str()), ("共？人次", "共{figure:gone}人次"));
    });
}

/// A cell is quoted as its table prints it.
#[test]
fn a_cell_is_quoted_as_it_prints() {
    alone("words::a_cell_is_quoted_as_it_prints", || {
        let desk = province();
        let mut request = asked("weekly", Period::Since("2020-05-21".parse().unwrap()));
        let text = "{office}自{since_cn}起：口罩罚没{cell:ln-2020/2/mask/total.penalty}万元，\
                    不合格发现率{cell:ln-2020/1/mask/rate}，{{无}}。";
        request.written.insert("next".to_owned(), text.to_owned());
        let said = desk.session.draft_words(&request).unwrap();
        // As `ln::cases` and `ln::supervision_of_producers` count them, what was declared included.
        let expected = "辽宁省市场监督管理局自2020年5月21日起：口罩罚没8.1238万元，不合格发现率25.00%，{无}。";
        assert_eq!(plain(&said[5].pieces), expected);
        assert_eq!(said[5].source, text);
    });
}

#[test]
fn a_letter_carries_what_was_written_and_the_tables() {
    alone("words::a_letter_carries_what_was_written_and_the_tables", || {
        let desk = province();
        let request = asked("weekly", Period::Whole);
        let said = desk.session.draft_words(&request).unwrap();
        let date = "2020-05-28".parse().unwrap();
        let forms = desk.session.report_forms(&request, date).unwrap();
        let people = LetterPeople { filler: "张三".to_owned(), phone: String::new() };
        let letter = desk.session.report_letter(&request, &said, forms, date, &people).unwrap();
        let title = "辽宁省市场监督管理局\n关于辽宁省防疫物资产品质量和市场秩序\n专项整治行动推进落实情况的报告";
        assert_eq!((letter.title.as_str(), letter.addressee.as_str()), (title, "省专项工作组办公室"));
        let headings: Vec<&str> = letter.sections.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(
            headings,
            ["具体措施", "检查市场主体数", "出动检查人员数", "发现的问题", "立案罚没"],
            "下一步 is blank"
        );
        assert_eq!(letter.sections[3].paragraphs.len(), 2);
        let forms: Vec<&str> = letter.attachments.iter().map(|form| form.form.as_str()).collect();
        assert_eq!((forms, letter.contact.as_str()), (vec!["ln-2020/1", "ln-2020/2"], "联系人：张三"));
        assert_eq!(desk.session.letter_docx(&letter).unwrap(), desk.session.letter_docx(&letter).unwrap());
        assert_eq!(desk.session.letter_pdf(&letter).unwrap(), desk.session.letter_pdf(&letter).unwrap());
    });
}

/// Every report of every shipped campaign can be begun in an empty book.
#[test]
fn every_shipped_report_begins_with_words_that_can_be_counted() {
    alone("words::every_shipped_report_begins_with_words_that_can_be_counted", || {
        let desk = Desk::new("640100", "银川市市场监督管理局", MAY_27_2021);
        let mut begun = Vec::new();
        for campaign in desk.session.library().campaigns() {
            for report in &campaign.reports {
                let request = WordsRequest {
                    campaign: campaign.id.clone(),
                    as_of: campaign.first_day,
                    ..asked(&report.id, Period::Since(campaign.first_day))
                };
                let said = desk.session.draft_words(&request).unwrap();
                let text: String = said.iter().map(|section| plain(&section.pieces)).collect();
                assert!(!text.contains(['{', '？']), "{} {}: {text}", campaign.id, report.id);
                begun.push((campaign.id.as_str(), report.id.as_str(), said.len()));
            }
        }
        begun.sort_unstable();
        let expected = [
            ("ln-2020", "final", 4),
            ("ln-2020", "weekly", 6),
            ("ln-2020", "weekly_departments", 0),
            ("nx-2021-24", "experience", 2),
            ("nx-2021-28-care", "written", 8),
            ("nx-2021-28-masks", "written", 8),
            ("samr-2020-51", "survey", 1),
        ];
        assert_eq!(begun, expected);
    });
}
