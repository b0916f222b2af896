//! The letter a report goes out as: its sections as they read, and its forms attached.

use campaign::sections::{self, Part, Quote};
use campaign::{Campaign, Report};
use domain::{Date, Notice};
use forms::{FilledForm, Letter, LetterSection, Pages, Purpose};

use super::{SectionWords, WordsRequest, plain};
use crate::failure::{Failure, Outcome};
use crate::forms::FillRequest;
use crate::session::Reading;

/// Who can be asked about a letter; both blank for nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LetterPeople {
    pub filler: String,
    pub phone: String,
}

impl Reading {
    /// The tables a report carries, filled for the same office and day as its words.
    pub fn report_forms(&self, request: &WordsRequest, date: Date) -> Outcome<Vec<FilledForm>> {
        let (_, report) = self.report(&request.campaign, &request.report)?;
        self.read::<_, Failure>(|reader| {
            let fill = |form: &String| {
                let office = request.office.clone();
                let filled = self.fill_in(
                    reader,
                    &FillRequest { office, date: Some(date), ..FillRequest::new(form, request.as_of) },
                );
                Ok(filled?.form)
            };
            report.forms.iter().map(fill).collect()
        })
    }

    /// The letter, of sections as [`Reading::draft_words`] gives them and tables as they are to be attached. What says nothing
    /// is left out.
    pub fn report_letter(
        &self,
        request: &WordsRequest,
        sections: &[SectionWords],
        attachments: Vec<FilledForm>,
        date: Date,
        people: &LetterPeople,
    ) -> Outcome<Letter> {
        let (campaign, report) = self.report(&request.campaign, &request.report)?;
        let office = request.office.clone().unwrap_or_else(|| self.office().clone());
        let office = self.read::<_, Failure>(|reader| {
            let unnamed = || Notice::new("office-unnamed").with("office", &office);
            Ok(self.told_name_of(reader, &office)?.ok_or_else(unnamed)?)
        })?;
        let title = self.letter_title(campaign, report, &office, request.as_of)?;
        let said = sections.iter().map(|section| LetterSection {
            heading: section.zh.clone(),
            paragraphs: plain(&section.pieces).lines().map(str::to_owned).collect(),
        });
        let written = |section: &LetterSection| section.paragraphs.iter().any(|text| !text.trim().is_empty());
        let contact = letter_contact(&people.filler, &people.phone);
        Ok(Letter {
            title,
            addressee: report.to.clone(),
            sections: said.filter(written).collect(),
            office,
            date,
            contact,
            attachments,
        })
    }

    /// What the letter of a report is headed with.
    pub(crate) fn letter_title(
        &self,
        campaign: &Campaign,
        report: &Report,
        office: &str,
        as_of: Date,
    ) -> Outcome<String> {
        if report.title.is_empty() {
            return Ok(format!("{office}\n{}\n{}", campaign.title, report.zh));
        }
        let part = |part: Part| match part {
            Part::Text(text) => text,
            Part::Quoted { quote: Quote::AsOf, .. } => forms::chinese_date(as_of),
            Part::Quoted { .. } => office.to_owned(),
        };
        Ok(sections::parts(&report.title)?.into_iter().map(part).collect())
    }

    /// The letter as PDF, to be printed and sealed; one with conflicts in its tables says so on their pages.
    pub fn letter_pdf(&self, letter: &Letter) -> Outcome<Vec<u8>> {
        let settled = letter.attachments.iter().all(FilledForm::settled);
        let purpose = if settled { Purpose::Sealed } else { Purpose::Preview };
        Ok(Pages::of_letter(letter, purpose)?.pdf(self.now_utc())?)
    }

    /// The letter as DOCX, to go on editing.
    pub fn letter_docx(&self, letter: &Letter) -> Outcome<Vec<u8>> {
        Ok(forms::letter::docx(letter, self.now_utc())?)
    }
}

/// 附注: whom to ask; blank where nobody is named.
pub(crate) fn letter_contact(filler: &str, phone: &str) -> String {
    match (filler, phone) {
        ("", _) => String::new(),
        (filler, "") => format!("联系人：{filler}"),
        (filler, phone) => format!("联系人：{filler}，电话：{phone}"),
    }
}
