//! Everything that is loaded: the built-in campaigns, those of folders a person named, and those that came in packages.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path as FilePath, PathBuf};
use std::sync::OnceLock;

use domain::Notice;
use domain::schema::{FieldSet, Schema, Vocabulary};
use domain::validate::{CampaignFacts, CellFacts};
use include_dir::{Dir, include_dir};

use crate::bundle::{self, Bundle};
use crate::calendar::Calendar;
use crate::check;
use crate::divisions::Divisions;
use crate::error::CampaignError;
use crate::folder::{CAMPAIGN_FILE, Files, read_folder};
use crate::ledgers;
use crate::model::{Body, Campaign, CellRule, Form, Measure};
use crate::reads;
use crate::source::{Path, Problem, Source};

static CAMPAIGNS: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/campaigns");
static FIELDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/fields");
static VOCABULARY: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/vocabulary");
static DIVISIONS: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/divisions");
static WORKDAYS: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../../assets/workdays");

/// Where a campaign came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Shipped with the program.
    Builtin,
    /// From a folder a person named.
    Folder,
    /// From a package.
    Bundle,
}

/// The loaded campaigns with what they share. Built once and never changed: another bundle makes another library.
#[derive(Debug, Clone)]
pub struct Library {
    campaigns: Vec<LoadedCampaign>,
    field_sets: Vec<(Source, FieldSet)>,
    vocabularies: Vec<(Source, Vocabulary)>,
    schema: Schema,
    guarded: BTreeSet<(String, String)>,
    divisions: Divisions,
    calendar: Calendar,
}

#[derive(Debug, Clone)]
struct LoadedCampaign {
    campaign: Campaign,
    source: Source,
    origin: Origin,
}

impl Library {
    /// The campaigns shipped with the program.
    ///
    /// # Panics
    /// When a shipped file is wrong, which a test rules out.
    pub fn builtin() -> Library {
        static LIBRARY: OnceLock<Library> = OnceLock::new();
        LIBRARY.get_or_init(|| builtin().unwrap_or_else(|error| panic!("{error}"))).clone()
    }

    /// A campaign by its own file, field sets and vocabularies alone: nothing else that is loaded has a say in what it counts.
    /// Divisions and working days are the program's.
    pub fn of_bundle(bundle: &Bundle) -> Result<Library, CampaignError> {
        let program = Library::builtin();
        let empty = Library {
            campaigns: Vec::new(),
            field_sets: Vec::new(),
            vocabularies: Vec::new(),
            schema: Schema::core(),
            guarded: BTreeSet::new(),
            divisions: program.divisions,
            calendar: program.calendar,
        };
        empty.with(files_of(&bundle.to_bytes())?, Origin::Bundle).map_err(first)
    }

    /// The built-in campaigns and those of folders: each holds `<id>/campaign.toml`, and may hold `fields/*.toml` and
    /// `vocabulary/*.toml`. The first thing wrong is the error.
    pub fn load(extra_dirs: &[PathBuf]) -> Result<Library, CampaignError> {
        let mut library = Library::builtin();
        for dir in extra_dirs {
            library = library.with(read_folder(dir)?, Origin::Folder).map_err(first)?;
        }
        Ok(library)
    }

    /// The files of a folder beside the built-in ones, with what their author should look at once more. Everything wrong with
    /// them is the error.
    pub fn check(dir: &FilePath) -> Result<(Library, Vec<CampaignError>), Vec<CampaignError>> {
        let library = Library::builtin().with(read_folder(dir).map_err(|error| vec![error])?, Origin::Folder)?;
        let own = library.campaigns.iter().filter(|loaded| loaded.origin == Origin::Folder);
        let warnings = own.flat_map(|loaded| {
            let found = check::warnings(&library.schema, &loaded.campaign);
            found.into_iter().map(|problem| loaded.source.locate(problem))
        });
        let warnings = warnings.collect();
        Ok((library, warnings))
    }

    /// Everything wrong with the files of a folder; empty when it would load.
    pub fn problems(dir: &FilePath) -> Vec<CampaignError> {
        Library::check(dir).err().unwrap_or_default()
    }

    /// With a campaign that came in a package, as [`Library::with_bundles`].
    pub fn with_bundle(&self, bytes: &[u8]) -> Result<Library, CampaignError> {
        let (library, mut refused) = self.with_bundles([bytes]);
        match refused.pop() {
            Some((_, error)) => Err(error),
            None => Ok(library),
        }
    }

    /// With campaigns that came in packages, put together once. Of two files of one campaign the greater revision holds. Of one
    /// revision with different content what is loaded stays, and an earlier one before a later one; the other is refused, as
    /// is one that is wrong. Those are named by their position, and left out.
    pub fn with_bundles<'a>(
        &self,
        bundles: impl IntoIterator<Item = &'a [u8]>,
    ) -> (Library, Vec<(usize, CampaignError)>) {
        let mut library = self.clone();
        let mut refused = Vec::new();
        for (at, bytes) in bundles.into_iter().enumerate() {
            let added = files_of(bytes).and_then(|files| match library.supersedes(&files) {
                // Books keep every file they were ever sent.
                true => Ok(()),
                false => library.add(files, Origin::Bundle).map_err(first),
            });
            refused.extend(added.err().map(|error| (at, error)));
        }
        library.put_together();
        (library, refused)
    }

    /// The campaign with what it needs, to be sent: the same bytes wherever it is made from the same files.
    pub fn bundle(&self, campaign: &str) -> Option<Bundle> {
        let loaded = self.campaigns.iter().find(|loaded| loaded.campaign.id == campaign)?;
        let mut files = BTreeMap::new();
        files.insert(format!("campaigns/{campaign}/{CAMPAIGN_FILE}"), loaded.source.text.clone());
        for (source, set) in &self.field_sets {
            if loaded.campaign.field_sets.contains(&set.id) {
                files.insert(format!("fields/{}.toml", set.id), source.text.clone());
            }
        }
        let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
        let needed = reads::vocabularies(&self.schema, &loaded.campaign);
        for (source, vocabulary) in self.vocabularies.iter().filter(|(_, vocabulary)| needed.contains(&vocabulary.id)) {
            // Several files may add to one vocabulary.
            let part = parts.entry(&vocabulary.id).and_modify(|part| *part += 1).or_insert(1);
            let name = if *part == 1 { vocabulary.id.clone() } else { format!("{}-{part}", vocabulary.id) };
            files.insert(format!("vocabulary/{name}.toml"), source.text.clone());
        }
        Some(Bundle { files })
    }

    /// The core schema with the vocabularies and the field sets that some loaded campaign includes.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// In the order of their first day, then of their id.
    pub fn campaigns(&self) -> impl Iterator<Item = &Campaign> {
        self.campaigns.iter().map(|loaded| &loaded.campaign)
    }

    pub fn campaign(&self, id: &str) -> Option<&Campaign> {
        self.campaigns().find(|campaign| campaign.id == id)
    }

    pub fn origin(&self, id: &str) -> Option<Origin> {
        self.campaigns.iter().find(|loaded| loaded.campaign.id == id).map(|loaded| loaded.origin)
    }

    /// The forms of each campaign, then the lists every campaign has.
    pub fn forms(&self) -> impl Iterator<Item = (&Campaign, &Form)> {
        self.campaigns().flat_map(|one| one.forms.iter().chain(&one.ledgers).map(move |form| (one, form)))
    }

    pub fn form(&self, id: &str) -> Option<(&Campaign, &Form)> {
        self.forms().find(|(_, form)| form.id == id)
    }

    pub fn field_set(&self, id: &str) -> Option<&FieldSet> {
        self.field_sets.iter().map(|(_, set)| set).find(|set| set.id == id)
    }

    /// (kind, field) of every field some loaded form reads: an unresolved conflict there leaves cells unsettled.
    pub fn guarded(&self) -> &BTreeSet<(String, String)> {
        &self.guarded
    }

    /// (kind, field) of every field the form reads.
    pub fn form_reads(&self, campaign: &Campaign, form: &Form) -> BTreeSet<(String, String)> {
        reads::form(&self.schema, campaign, form)
    }

    pub fn divisions(&self) -> &Divisions {
        &self.divisions
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// What validation asks about a campaign.
    pub fn campaign_facts(&self, id: &str) -> Option<CampaignFacts> {
        let campaign = self.campaign(id)?;
        let categories = campaign.categories.iter().map(|used| used.category.clone()).collect();
        let mut events = BTreeSet::new();
        let mut sums: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for figure in &campaign.figures {
            let Some(event) = &figure.event else { continue };
            events.insert((figure.kind.clone(), event.clone()));
            if let Measure::Sum(field) = &figure.measure {
                sums.entry((figure.kind.clone(), field.clone())).or_default().insert(event.clone());
            }
        }
        for form in &campaign.forms {
            if let Body::List { of, event: Some(event), .. } = &form.body {
                events.insert((of.clone(), event.clone()));
            }
        }
        Some(CampaignFacts { first_day: campaign.first_day, last_day: campaign.last_day, categories, events, sums })
    }

    /// What validation asks about a cell that is declared. A list has no rows known beforehand.
    pub fn cell_facts(&self, form: &str, row: &str, column: &str) -> Option<CellFacts> {
        let (campaign, form) = self.form(form)?;
        let row = match &form.body {
            Body::Statistics { rows, .. } => rows.iter().find(|known| known.id == row),
            Body::List { .. } => None,
        };
        let column = form.columns.iter().find(|known| known.id == column);
        let derived = column.is_some_and(|column| !matches!(column.cell, CellRule::Figure { .. }));
        Some(CellFacts {
            row_known: row.is_some(),
            column_known: column.is_some(),
            refuses_declared: derived || row.is_some_and(|row| row.total),
            first_day: campaign.first_day,
            decimals: column.map_or(0, |column| column.unit.decimals()),
        })
    }

    /// Whether later revisions of the files' campaigns are loaded.
    fn supersedes(&self, files: &Files) -> bool {
        #[derive(serde::Deserialize)]
        struct Head {
            id: String,
            #[serde(default)]
            revision: u32,
        }
        let later = |head: Head| self.campaign(&head.id).is_some_and(|present| present.revision > head.revision.max(1));
        let superseded = |source: &Source| source.parse().is_ok_and(later);
        !files.campaigns.is_empty() && files.campaigns.iter().all(superseded)
    }

    fn with(&self, files: Files, origin: Origin) -> Result<Library, Vec<CampaignError>> {
        let mut library = self.clone();
        library.add(files, origin)?;
        library.put_together();
        Ok(library)
    }

    /// Adds files; where something is wrong with them, none of them. [`Library::put_together`] is to follow.
    fn add(&mut self, files: Files, origin: Origin) -> Result<(), Vec<CampaignError>> {
        let schema = self.schema.clone();
        // A later revision takes the place of an earlier one.
        let campaigns = self.campaigns.clone();
        let (field_sets, vocabularies) = (self.field_sets.len(), self.vocabularies.len());
        self.try_to_add(files, origin).inspect_err(|_| {
            self.schema = schema;
            self.campaigns = campaigns;
            self.field_sets.truncate(field_sets);
            self.vocabularies.truncate(vocabularies);
        })
    }

    fn try_to_add(&mut self, files: Files, origin: Origin) -> Result<(), Vec<CampaignError>> {
        let library = self;
        let mut errors = Vec::new();
        for source in files.vocabulary {
            library.add_vocabulary(source, origin).unwrap_or_else(|error| errors.push(error));
        }
        // A campaign may add codes that its field sets name, so its vocabularies come first.
        let mut new = Vec::new();
        for source in files.campaigns {
            match library.read_campaign(&source) {
                Ok(Some(campaign)) => new.push((source, campaign)),
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        for source in files.fields {
            library.add_field_set(source).unwrap_or_else(|error| errors.push(error));
        }
        let mut added = Vec::new();
        for (source, campaign) in new {
            match library.add_campaign(source, campaign, origin) {
                Ok(id) => added.push(id),
                Err(error) => errors.push(error),
            }
        }
        for loaded in library.campaigns.iter().filter(|loaded| added.contains(&loaded.campaign.id)) {
            let problems = check::campaign(&library.schema, &loaded.campaign);
            errors.extend(problems.into_iter().map(|problem| loaded.source.locate(problem)));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What follows from all campaigns together: a pass over each, whatever their number.
    fn put_together(&mut self) {
        #[cfg(test)]
        PUT_TOGETHER.with(|times| times.set(times.get() + 1));
        self.campaigns.sort_by(|one, other| {
            let key = |loaded: &LoadedCampaign| (loaded.campaign.first_day, loaded.campaign.id.clone());
            key(one).cmp(&key(other))
        });
        self.guarded = self
            .campaigns()
            .flat_map(|campaign| campaign.forms.iter().map(move |form| (campaign, form)))
            .flat_map(|(campaign, form)| self.form_reads(campaign, form))
            .collect();
    }

    fn add_vocabulary(&mut self, source: Source, origin: Origin) -> Result<(), CampaignError> {
        let mut vocabulary: Vocabulary = source.parse()?;
        if let Some(problem) = check::vocabulary(&Path::default(), &vocabulary) {
            return Err(source.locate(problem));
        }
        if origin == Origin::Bundle {
            // Another version of the program may call a code otherwise; the labels at hand stay.
            if let Some(present) = self.schema.vocabulary(&vocabulary.id) {
                vocabulary.entries.retain(|entry| present.entry(&entry.code).is_none());
            }
        }
        self.schema
            .add_vocabulary(&vocabulary)
            .map_err(|notice| source.locate(check::entry_problem(&Path::default(), &vocabulary, notice)))?;
        if !self.vocabularies.iter().any(|(present, _)| present.text == source.text) {
            self.vocabularies.push((source, vocabulary));
        }
        Ok(())
    }

    fn add_field_set(&mut self, source: Source) -> Result<(), CampaignError> {
        let set: FieldSet = source.parse()?;
        if let Some(problem) = check::field_set(&self.schema, &set) {
            return Err(source.locate(problem));
        }
        match self.field_set(&set.id) {
            Some(same) if *same == set => Ok(()),
            Some(_) => {
                let notice = Notice::new("field-set-redefined").with("set", &set.id);
                Err(source.locate(Problem { path: Path::default().key("id"), notice }))
            }
            None => {
                self.field_sets.push((source, set));
                Ok(())
            }
        }
    }

    /// The campaign if it is new or a later revision, its additions to vocabularies already made.
    fn read_campaign(&mut self, source: &Source) -> Result<Option<Campaign>, CampaignError> {
        let mut campaign = source.parse::<Campaign>()?.complete();
        campaign.ledgers = ledgers::of(&campaign);
        let path = Path::default();
        if let Some(present) = self.campaigns.iter().find(|loaded| loaded.campaign.id == campaign.id) {
            if present.campaign == campaign || present.campaign.revision > campaign.revision {
                return Ok(None);
            }
            if present.campaign.revision == campaign.revision {
                let notice = Notice::new("campaign-redefined").with("campaign", &campaign.id);
                return Err(source.locate(Problem { path: path.key("id"), notice }));
            }
            self.campaigns.retain(|loaded| loaded.campaign.id != campaign.id);
        }
        for (index, vocabulary) in campaign.vocabularies.iter().enumerate() {
            let path = path.key("vocabulary").at(index);
            if let Some(problem) = check::vocabulary(&path, vocabulary) {
                return Err(source.locate(problem));
            }
            self.schema
                .add_vocabulary(vocabulary)
                .map_err(|notice| source.locate(check::entry_problem(&path, vocabulary, notice)))?;
        }
        Ok(Some(campaign))
    }

    /// The campaign's id.
    fn add_campaign(&mut self, source: Source, campaign: Campaign, origin: Origin) -> Result<String, CampaignError> {
        if self.campaign(&campaign.id).is_some() {
            let notice = Notice::new("campaign-redefined").with("campaign", &campaign.id);
            return Err(source.locate(Problem { path: Path::default().key("id"), notice }));
        }
        for (index, id) in campaign.field_sets.iter().enumerate() {
            let notice = match self.field_set(id).cloned() {
                Some(set) => self.schema.add_field_set(&set).err(),
                None => Some(Notice::new("campaign-field-set-unknown").with("value", id)),
            };
            if let Some(notice) = notice {
                return Err(source.locate(Problem { path: Path::default().key("field_sets").at(index), notice }));
            }
        }
        let id = campaign.id.clone();
        self.campaigns.push(LoadedCampaign { campaign, source, origin });
        Ok(id)
    }
}

fn files_of(bytes: &[u8]) -> Result<Files, CampaignError> {
    let mut files = Files::default();
    for (name, text) in Bundle::from_bytes(bytes)?.files {
        let source = Source::new(format!("{}:{name}", bundle::NAME), text);
        match name.split('/').next() {
            Some("campaigns") => files.campaigns.push(source),
            Some("fields") => files.fields.push(source),
            _ => files.vocabulary.push(source),
        }
    }
    Ok(files)
}

#[cfg(test)]
thread_local! {
    static PUT_TOGETHER: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

fn builtin() -> Result<Library, CampaignError> {
    let mut divisions = sources(&DIVISIONS, "assets/divisions");
    let newest = divisions.pop().expect("a file of divisions is shipped");
    let empty = Library {
        campaigns: Vec::new(),
        field_sets: Vec::new(),
        vocabularies: Vec::new(),
        schema: Schema::core(),
        guarded: BTreeSet::new(),
        divisions: Divisions::parse(&newest)?,
        calendar: Calendar::parse(&sources(&WORKDAYS, "assets/workdays"))?,
    };
    let files = Files {
        campaigns: CAMPAIGNS.dirs().flat_map(|dir| sources(dir, "assets/campaigns")).collect(),
        fields: sources(&FIELDS, "assets/fields"),
        vocabulary: sources(&VOCABULARY, "assets/vocabulary"),
    };
    empty.with(files, Origin::Builtin).map_err(first)
}

/// Embedded files by name.
fn sources(dir: &Dir, folder: &str) -> Vec<Source> {
    let mut files: Vec<Source> = dir
        .files()
        .map(|file| {
            Source::new(format!("{folder}/{}", file.path().display()), file.contents_utf8().unwrap_or_default())
        })
        .collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
}

fn first(mut errors: Vec<CampaignError>) -> CampaignError {
    errors.swap_remove(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(id: &str) -> Vec<u8> {
        let library = Library::builtin();
        let mut bundle = library.bundle("nx-2021-24").expect("a built-in campaign");
        let text = bundle.files.remove("campaigns/nx-2021-24/campaign.toml").expect("its file");
        bundle.files.insert(format!("campaigns/{id}/campaign.toml"), text.replace("nx-2021-24", id));
        bundle.to_bytes()
    }

    #[test]
    fn many_campaigns_are_put_together_once_and_a_wrong_one_leaves_the_others() {
        let library = Library::builtin();
        let built_in = library.campaigns().count();
        let mut bundles: Vec<Vec<u8>> = (0..40).map(|n| sent(&format!("sent-{n}"))).collect();
        bundles.insert(7, b"no bundle".to_vec());
        let other = String::from_utf8(sent("sent-3")).unwrap().replace("2021-03-01", "2021-03-02");
        bundles.push(other.into_bytes());
        let before = PUT_TOGETHER.with(std::cell::Cell::get);
        let (with, refused) = library.with_bundles(bundles.iter().map(Vec::as_slice));
        assert_eq!(PUT_TOGETHER.with(std::cell::Cell::get), before + 1);
        assert_eq!(with.campaigns().count(), built_in + 40);
        let refused: Vec<(usize, String)> = refused.into_iter().map(|(at, error)| (at, error.notice().code)).collect();
        assert_eq!(refused, [(7, "bundle-malformed".to_owned()), (41, "campaign-redefined".to_owned())]);
        // What was refused left nothing behind, and what was taken is as if it had come alone.
        let alone = library.with_bundle(&bundles[0]).unwrap();
        assert_eq!(alone.campaign("sent-0"), with.campaign("sent-0"));
        assert_eq!(alone.schema(), with.schema());
        assert_eq!(alone.guarded().len(), library.guarded().len());
    }

    #[test]
    fn what_is_built_in_is_never_displaced() {
        let library = Library::builtin();
        let own = library.bundle("nx-2021-24").unwrap();
        let other = String::from_utf8(own.to_bytes()).unwrap().replace("2021-05-31", "2021-06-30");
        let (with, refused) = library.with_bundles([other.as_bytes()]);
        assert_eq!(refused[0].1.notice().code, "campaign-redefined");
        assert_eq!(with.campaign("nx-2021-24"), library.campaign("nx-2021-24"));
        assert_eq!(with.origin("nx-2021-24"), Some(Origin::Builtin));
    }
}
