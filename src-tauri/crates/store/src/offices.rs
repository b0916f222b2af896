//! The offices and devices this book knows, the invitations it gave, the campaign files and photos it was sent. Keys and
//! signed texts are opaque strings here; `exchange` knows what they mean.

use domain::{DeviceId, OfficeCode};
use rusqlite::{OptionalExtension, Row, params};

use crate::error::Result;
use crate::reader::Reader;
use crate::writer::Writer;

/// Another office this book exchanges packages with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    pub code: OfficeCode,
    pub name: String,
    /// `upper`: it invited this office; `lower`: this office invited it.
    pub relation: String,
    pub root_key: String,
    /// Its encryption keys, as JSON.
    pub recipients: String,
    /// The newest roster accepted from it, as JSON; blank before the first.
    pub roster: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub id: DeviceId,
    pub office: OfficeCode,
    pub key: String,
    /// Whether a person confirmed its fingerprint, or its office's root certified it.
    pub confirmed: bool,
    /// Milliseconds since 1970.
    pub at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    pub id: String,
    pub office: OfficeCode,
    pub name: String,
    pub secret: String,
    /// Milliseconds since 1970.
    pub expires: u64,
    /// The one device it admitted.
    pub device: Option<DeviceId>,
}

/// A campaign file that came to this book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignRow {
    pub sha256: [u8; 32],
    pub body: Vec<u8>,
    pub status: CampaignStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignStatus {
    Used,
    /// A person removed it.
    Removed,
    /// What brought it was undone.
    Withdrawn,
}

/// Stands where a campaign file came with the invitation this book joined by: packages are numbered from 1.
const INVITATION: i64 = 0;

/// What brings a campaign file of the table `b`: an invitation, or a package that counts.
fn brought() -> String {
    format!(
        "EXISTS (SELECT 1 FROM campaign_origin o LEFT JOIN package p ON p.id = o.package \
         WHERE o.bundle = b.sha256 AND (o.package = {INVITATION} OR p.state = 'applied'))"
    )
}

fn office_row(row: &Row) -> Result<OfficeRow> {
    Ok(OfficeRow {
        code: row.get::<_, String>(0)?.parse()?,
        name: row.get(1)?,
        relation: row.get(2)?,
        root_key: row.get(3)?,
        recipients: row.get(4)?,
        roster: row.get(5)?,
    })
}

fn device_row(row: &Row) -> Result<DeviceRow> {
    Ok(DeviceRow {
        id: row.get::<_, String>(0)?.parse()?,
        office: row.get::<_, String>(1)?.parse()?,
        key: row.get(2)?,
        confirmed: row.get(3)?,
        at: row.get::<_, i64>(4)? as u64,
    })
}

fn invitation_row(row: &Row) -> Result<InvitationRow> {
    Ok(InvitationRow {
        id: row.get(0)?,
        office: row.get::<_, String>(1)?.parse()?,
        name: row.get(2)?,
        secret: row.get(3)?,
        expires: row.get::<_, i64>(4)? as u64,
        device: row.get::<_, Option<String>>(5)?.map(|id| id.parse()).transpose()?,
    })
}

impl Reader<'_> {
    pub fn offices(&self) -> Result<Vec<OfficeRow>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT code, name, relation, root_key, recipients, roster FROM office ORDER BY code")?;
        statement.query_and_then([], office_row)?.collect()
    }

    pub fn office(&self, code: &OfficeCode) -> Result<Option<OfficeRow>> {
        Ok(self.offices()?.into_iter().find(|office| office.code == *code))
    }

    pub fn devices(&self) -> Result<Vec<DeviceRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, office, key, confirmed, at FROM device ORDER BY office, at, id")?;
        statement.query_and_then([], device_row)?.collect()
    }

    pub fn invitations(&self) -> Result<Vec<InvitationRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT id, office, name, secret, expires, device FROM invitation ORDER BY id")?;
        statement.query_and_then([], invitation_row)?.collect()
    }

    /// Campaign files that came to this book from above, oldest first, used or not.
    pub fn campaign_bundles(&self) -> Result<Vec<CampaignRow>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT b.sha256, b.body, b.removed, {} FROM campaign_bundle b \
             WHERE EXISTS (SELECT 1 FROM campaign_origin o WHERE o.bundle = b.sha256) ORDER BY b.at, b.sha256",
            brought()
        ))?;
        let rows = statement.query_and_then([], |row| {
            let (removed, brought): (bool, bool) = (row.get(2)?, row.get(3)?);
            let status = match (removed, brought) {
                (true, _) => CampaignStatus::Removed,
                (false, true) => CampaignStatus::Used,
                (false, false) => CampaignStatus::Withdrawn,
            };
            Ok(CampaignRow { sha256: row.get(0)?, body: row.get(1)?, status })
        })?;
        rows.collect()
    }

    /// Those of them that are used, at most so many.
    pub fn used_campaign_bundles(&self, most: usize) -> Result<Vec<CampaignRow>> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT b.sha256, b.body FROM campaign_bundle b WHERE b.removed = 0 AND {} \
             ORDER BY b.at, b.sha256 LIMIT ?",
            brought()
        ))?;
        let rows = statement.query_and_then([most as i64], |row| {
            Ok(CampaignRow { sha256: row.get(0)?, body: row.get(1)?, status: CampaignStatus::Used })
        })?;
        rows.collect()
    }

    /// How many are used.
    pub fn used_campaigns(&self) -> Result<u64> {
        let sql = format!("SELECT count(*) FROM campaign_bundle b WHERE b.removed = 0 AND {}", brought());
        Ok(self.conn.prepare_cached(&sql)?.query_row([], |row| row.get::<_, i64>(0))? as u64)
    }

    /// What a person says offices are called, by code.
    pub fn office_names(&self) -> Result<Vec<(OfficeCode, String)>> {
        let mut statement = self.conn.prepare_cached("SELECT code, name FROM office_name ORDER BY code")?;
        statement.query_and_then([], |row| Ok((row.get::<_, String>(0)?.parse()?, row.get(1)?)))?.collect()
    }

    /// What a person says an office is called.
    pub fn office_name(&self, code: &OfficeCode) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT name FROM office_name WHERE code = ?")?
            .query_row([code.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// A photo or file by its SHA-256.
    pub fn attachment(&self, sha256: &[u8; 32]) -> Result<Option<Vec<u8>>> {
        Ok(self
            .conn
            .prepare_cached("SELECT bytes FROM attachment_content WHERE sha256 = ?")?
            .query_row([sha256], |row| row.get(0))
            .optional()?)
    }

    pub fn has_attachment(&self, sha256: &[u8; 32]) -> Result<bool> {
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM attachment_content WHERE sha256 = ?)")?
            .query_row([sha256], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    pub fn put_office(&mut self, office: &OfficeRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO office (code, name, relation, root_key, recipients, roster) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (code) DO UPDATE SET name = excluded.name, relation = excluded.relation, \
                 root_key = excluded.root_key, recipients = excluded.recipients, roster = excluded.roster",
            )?
            .execute(params![
                office.code.as_str(),
                office.name,
                office.relation,
                office.root_key,
                office.recipients,
                office.roster
            ])?;
        Ok(())
    }

    /// Forgets an office and what it said it holds.
    pub fn remove_office(&mut self, code: &OfficeCode) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM office WHERE code = ?")?.execute([code.as_str()])?;
        self.conn.prepare_cached("DELETE FROM receipt WHERE peer = ?")?.execute([code.as_str()])?;
        Ok(())
    }

    pub fn put_device(&mut self, device: &DeviceRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO device (id, office, key, confirmed, at) VALUES (?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET confirmed = max(device.confirmed, excluded.confirmed)",
            )?
            .execute(params![
                device.id.as_str(),
                device.office.as_str(),
                device.key,
                device.confirmed,
                device.at as i64
            ])?;
        Ok(())
    }

    pub fn put_invitation(&mut self, invitation: &InvitationRow) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO invitation (id, office, name, secret, expires, device) VALUES (?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (id) DO UPDATE SET device = excluded.device",
            )?
            .execute(params![
                invitation.id,
                invitation.office.as_str(),
                invitation.name,
                invitation.secret,
                invitation.expires as i64,
                invitation.device.as_ref().map(DeviceId::as_str)
            ])?;
        Ok(())
    }

    /// An invitation can no longer be answered from this moment on.
    pub fn expire_invitation(&mut self, id: &str, at: u64) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE invitation SET expires = min(expires, ?) WHERE id = ?")?
            .execute(params![at as i64, id])?;
        Ok(())
    }

    pub fn put_campaign_bundle(&mut self, sha256: [u8; 32], body: &[u8], at: u64) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO campaign_bundle (sha256, body, at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![sha256, body, at as i64])?;
        Ok(())
    }

    /// Notes what brought a campaign file: a package by its row number, or the invitation by which this book joined.
    pub fn put_campaign_origin(&mut self, sha256: &[u8; 32], package: Option<i64>) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR IGNORE INTO campaign_origin (bundle, package) VALUES (?, ?)")?
            .execute(params![sha256, package.unwrap_or(INVITATION)])?;
        Ok(())
    }

    /// Stops using a campaign file, or uses it again.
    pub fn use_campaign(&mut self, sha256: &[u8; 32], used: bool) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE campaign_bundle SET removed = ? WHERE sha256 = ?")?
            .execute(params![!used, sha256])?;
        Ok(())
    }

    pub fn put_office_name(&mut self, code: &OfficeCode, name: &str) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO office_name (code, name) VALUES (?, ?)")?
            .execute(params![code.as_str(), name])?;
        Ok(())
    }

    /// Stores content once, by its hash.
    pub fn put_attachment(&mut self, sha256: [u8; 32], bytes: &[u8]) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO attachment_content (sha256, bytes) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
            )?
            .execute(params![sha256, bytes])?;
        Ok(())
    }
}
