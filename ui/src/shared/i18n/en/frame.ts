// Words of the frame pages, in English.

export const frame = {
  'app.title': 'Campaign Ledger',
  'app.subtitle': 'Market-supervision campaigns: sweeps, samples, follow-up and cases in one book',
  'language.zh': '中文',
  'language.en': 'English',
  'menu.enterprises': 'Enterprises',
  'menu.inspections': 'Inspections',
  'menu.samples': 'Samples & follow-up',
  'menu.cases': 'Cases, clues, recalls, assistance',
  'menu.forms': 'Attachments',
  'menu.packages': 'Packages',
  'menu.packages.exchange': 'Send and receive',
  'menu.attachments': 'Attachments',
  'menu.settings': 'Settings',
  'status.unsent': '{count} not yet sent',
  'status.conflicts': '{count} {count|conflict|conflicts}',
  'drop.nowhere':
    'No files are taken here: {names}. Drop packages into the box on the Packages page, photos onto the photos of a record, tables into the window for pasting.',
  'drop.others':
    '{count} of what was dropped {count|is no file|are no files} (folders, addresses) and {count|was|were} not taken.',
  'shell.refused': 'This program opens no web pages, and no files by themselves: this page stays.',
  'readOnly.mark': 'Read only',
  'readOnly.words':
    'Nothing can be written where the book {path} is, or you are not allowed to: it can only be looked at. To record, copy it to this computer’s own disk and open the copy.',
  'clock.mark': 'Wrong time',
  'clock.words':
    'This computer says it is {now}, but this book was last saved at {saved}. Please set the system time, and check the dates filled in since.',
  'clock.trust': 'The time is right',
  'frame.skip': 'Skip to the page',
  'frame.menu': 'Main menu',
  'frame.crumbs': 'Where you are',
}
