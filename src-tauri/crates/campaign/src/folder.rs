//! Campaign files as they lie in a folder.

use std::path::{Path as FilePath, PathBuf};

use domain::Notice;

use crate::error::CampaignError;
use crate::source::Source;

/// The file that says what a campaign is, in a folder of the campaign's name.
pub(crate) const CAMPAIGN_FILE: &str = "campaign.toml";

/// Files not yet put together.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) campaigns: Vec<Source>,
    pub(crate) fields: Vec<Source>,
    pub(crate) vocabulary: Vec<Source>,
}

/// The campaign files of a folder, not yet put together.
pub(crate) fn read_folder(dir: &FilePath) -> Result<Files, CampaignError> {
    let mut files = Files::default();
    for path in entries(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !path.is_dir() {
            continue;
        }
        match name.as_str() {
            "fields" => files.fields = read_toml_files(&path)?,
            "vocabulary" => files.vocabulary = read_toml_files(&path)?,
            _ => {
                let file = path.join(CAMPAIGN_FILE);
                if file.is_file() {
                    files.campaigns.push(read(&file)?);
                }
            }
        }
    }
    Ok(files)
}

fn read_toml_files(dir: &FilePath) -> Result<Vec<Source>, CampaignError> {
    let files = entries(dir)?.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.map(|path| read(&path)).collect()
}

/// A folder's entries by name, so that loading never depends on the file system's order.
fn entries(dir: &FilePath) -> Result<Vec<PathBuf>, CampaignError> {
    let listed = std::fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut paths: Vec<PathBuf> =
        listed.map_err(|error| unreadable(dir, &error))?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &FilePath) -> Result<Source, CampaignError> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    Ok(Source::new(path.display().to_string(), text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned)))
}

fn unreadable(path: &FilePath, error: &std::io::Error) -> CampaignError {
    CampaignError::new(
        &path.display().to_string(),
        1,
        Notice::new("campaign-file-unreadable").with("why", domain::disk::why(error)),
    )
}
