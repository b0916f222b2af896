//! 公文: what an office writes to the one above it, as plain data, and what both its renderings (DOCX and PDF) have in
//! common. It knows no report and no record; whoever assembles a letter says every word of it.

mod docx;
mod package;
mod pdf;
mod table;
mod xml;

use domain::Date;

use crate::filled::FilledForm;

pub use docx::docx;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// With line feeds where its lines end if it does not fit one.
    pub title: String,
    /// 主送机关, without its colon.
    pub addressee: String,
    pub sections: Vec<LetterSection>,
    /// 发文机关署名.
    pub office: String,
    /// 成文日期.
    pub date: Date,
    /// 附注: whom to ask, without its brackets; blank for none.
    pub contact: String,
    /// In order; they are numbered by their place, whatever they are called elsewhere.
    pub attachments: Vec<FilledForm>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterSection {
    /// Without its number. A letter of one section has no use for it.
    pub heading: String,
    /// As they were written. What begins with （一） is a heading of the second level, up to its first full stop.
    pub paragraphs: Vec<String>,
}

/// Letters of the title (2号) in a line of 156 mm.
const TITLE_LETTERS: f64 = 20.0;
/// Letters of the text (3号) in a line.
const LINE_LETTERS: usize = 28;
/// What is longer than so many lines is not kept whole beside the signature.
const LAST_LINES: usize = 6;
/// A date stands four letters in from the right.
const DATE_FROM_RIGHT: f64 = 4.0;

/// A paragraph of the text, in print.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Heading { level: u32, text: String },
    Paragraph { lead: String, text: String },
}

impl Letter {
    /// The title's lines: one where it fits, else as they were written, each as even as it breaks.
    fn title_lines(&self) -> Vec<String> {
        let advance = crate::layout::advance;
        let whole = self.title.replace('\n', "");
        if whole.chars().map(advance).sum::<f64>() <= TITLE_LETTERS {
            return vec![whole];
        }
        let broken = self.title.split('\n').map(|line| crate::layout::balanced(line.trim(), TITLE_LETTERS, &advance));
        broken.flat_map(|lines| lines.split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn addressed(&self) -> String {
        match self.addressee.trim() {
            "" => String::new(),
            addressee => format!("{addressee}："),
        }
    }

    fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (at, section) in self.sections.iter().enumerate() {
            if self.sections.len() > 1 {
                blocks.push(Block::Heading { level: 1, text: format!("{}、{}", numeral(at + 1), section.heading) });
            }
            let written = section.paragraphs.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
            blocks.extend(written.map(block));
        }
        blocks
    }

    /// Its blocks, and of them the last where it is short: that one stays with the signature.
    fn parted(&self) -> (Vec<Block>, Vec<Block>) {
        let mut blocks = self.blocks();
        let short = |block: &Block| match block {
            Block::Paragraph { lead, text } => lead.chars().count() + text.chars().count() <= LAST_LINES * LINE_LETTERS,
            Block::Heading { .. } => false,
        };
        let last = blocks.pop_if(|block| short(block));
        (blocks, last.into_iter().collect())
    }

    /// What an attachment is headed with: 附件, and its number where there are several.
    fn attachment_label(&self, at: usize) -> String {
        if self.attachments.len() == 1 { "附件".to_owned() } else { format!("附件{}", at + 1) }
    }

    fn attachments(&self) -> Vec<FilledForm> {
        let labelled = |(at, form): (usize, &FilledForm)| {
            let mut form = form.clone();
            form.attachment = self.attachment_label(at);
            form
        };
        self.attachments.iter().enumerate().map(labelled).collect()
    }

    /// How far in from the right the office and the date stand, in letters: the office over the middle of the date, which
    /// itself moves under the office where that is too long.
    fn signature(&self) -> (f64, f64) {
        let width = |text: &str| text.chars().map(crate::layout::advance).sum::<f64>();
        let beside = (width(&self.office) - width(&self.dated())) / 2.0;
        if beside <= DATE_FROM_RIGHT { (DATE_FROM_RIGHT - beside, DATE_FROM_RIGHT) } else { (0.0, beside) }
    }

    fn dated(&self) -> String {
        crate::fill::chinese_date(self.date)
    }

    fn noted(&self) -> String {
        if self.contact.is_empty() { String::new() } else { format!("（{}）", self.contact) }
    }

    /// Every text but those of the attachments, with the heading it stands under.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let outer = [&self.title, &self.addressee, &self.office, &self.contact];
        let inner = self.sections.iter().flat_map(|section| {
            let texts = section.paragraphs.iter().chain([&section.heading]);
            texts.map(|text| (section.heading.as_str(), text.as_str()))
        });
        outer.into_iter().map(|text| ("", text.as_str())).chain(inner)
    }
}

/// A paragraph as it was written, with its heading of the second level where it begins with one.
fn block(text: &str) -> Block {
    let numbered = text.strip_prefix('（').and_then(|rest| rest.split_once('）'));
    let is_numeral = |number: &str| !number.is_empty() && number.chars().all(|digit| NUMERALS.contains(digit));
    if !numbered.is_some_and(|(number, _)| is_numeral(number)) {
        return Block::Paragraph { lead: String::new(), text: text.to_owned() };
    }
    match text.split_once('。') {
        None => Block::Heading { level: 2, text: text.to_owned() },
        Some((lead, rest)) => Block::Paragraph { lead: format!("{lead}。"), text: rest.to_owned() },
    }
}

const NUMERALS: &str = "一二三四五六七八九十";

/// 一 to 九十九.
fn numeral(number: usize) -> String {
    let digit = |at: usize| NUMERALS.chars().nth(at.wrapping_sub(1)).map(String::from).unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones),
        (1, ones) => format!("十{}", digit(ones)),
        (tens, ones) => format!("{}十{}", digit(tens), digit(ones)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(title: &str, office: &str) -> Letter {
        Letter {
            title: title.to_owned(),
            addressee: String::new(),
            sections: Vec::new(),
            office: office.to_owned(),
            date: "2020-06-04".parse().unwrap(),
            contact: String::new(),
            attachments: Vec::new(),
        }
    }

    #[test]
    fn sections_are_numbered_in_chinese() {
        let numbers = [1, 9, 10, 11, 19, 20, 21, 99].map(numeral);
        assert_eq!(numbers, ["一", "九", "十", "十一", "十九", "二十", "二十一", "九十九"]);
    }

    #[test]
    fn a_title_breaks_where_it_was_told_to_and_only_if_it_must() {
        let lines = |title: &str| letter(title, "").title_lines();
        assert_eq!(lines("某局\n关于某事的报告"), ["某局关于某事的报告"]);
        let long = "沈阳市市场监督管理局\n关于辽宁省防疫物资产品质量和市场秩序\n专项整治行动推进落实情况的报告";
        assert_eq!(lines(long), long.split('\n').collect::<Vec<_>>());
        let untold = lines("关于深入推进口罩质量监管促进质量提升专项整治行动好经验的报告");
        assert_eq!(untold.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [15, 15]);
    }

    #[test]
    fn a_heading_of_the_second_level_ends_with_its_sentence() {
        let heading = |text: &str| Block::Heading { level: 2, text: text.to_owned() };
        let paragraph = |lead: &str, text: &str| Block::Paragraph { lead: lead.to_owned(), text: text.to_owned() };
        assert_eq!(block("（一）全面排查"), heading("（一）全面排查"));
        assert_eq!(block("（十二）全面排查。已查3家。"), paragraph("（十二）全面排查。", "已查3家。"));
        assert_eq!(block("（不含药店）3家。"), paragraph("", "（不含药店）3家。"));
        assert_eq!(block("已查3家。"), paragraph("", "已查3家。"));
    }

    #[test]
    fn a_letter_of_one_section_needs_no_heading() {
        let section = |heading: &str| LetterSection {
            heading: heading.to_owned(),
            paragraphs: vec!["文。".to_owned(), "  ".to_owned()],
        };
        let mut one = letter("", "");
        one.sections = vec![section("甲")];
        let paragraph = || Block::Paragraph { lead: String::new(), text: "文。".to_owned() };
        assert_eq!(one.blocks(), [paragraph()]);
        one.sections.push(section("乙"));
        let heading = |text: &str| Block::Heading { level: 1, text: text.to_owned() };
        assert_eq!(one.blocks(), [heading("一、甲"), paragraph(), heading("二、乙"), paragraph()]);
        assert_eq!(one.parted().1, [paragraph()]);
    }

    #[test]
    fn an_office_stands_over_the_middle_of_the_date() {
        // 2020年6月4日 is 6 half letters and 3 whole ones wide.
        assert_eq!(letter("", "某某局").signature(), (5.5, 4.0));
        assert_eq!(letter("", "沈阳市市场监督管理局").signature(), (2.0, 4.0));
        assert_eq!(letter("", &"局".repeat(20)).signature(), (0.0, 7.0));
    }
}
