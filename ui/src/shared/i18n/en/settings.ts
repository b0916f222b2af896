// Words of the settings pages, in English.

export const settings = {
  'settings.language': 'Language',
  'settings.office': 'Office',
  'settings.inspector': 'Inspector',
  'settings.file': 'Book file',
  'settings.device': 'Device',
  'settings.campaigns': 'Campaigns loaded',
}
