// Words of reading forms back from spreadsheets, in English.

export const readback = {
  'read.title': 'Read a form back',
  'read.hint':
    'A blank form that was filled in, a printed table typed over, or one drawn by hand from the document: compare it cell by cell, then store it.',
  'read.file': 'Choose a spreadsheet',
  'read.file.filter': 'Spreadsheets (XLSX, XLS, CSV)',
  'read.form.found': 'Recognised by its headings',
  'read.as_of': 'as of {day}',
  'read.source': 'Department',
  'read.source.of': 'Department of {group}',
  'read.how': 'Some cells count records already and print another number than is typed. What was typed is:',
  'read.how.whole': 'All there is: it takes the place of what is counted of that office and below up to this day',
  'read.how.add': 'In addition to what is counted',
  'read.same': 'There is nothing to store.',
  'read.store': 'Store {count} cells',
  'read.stored': 'Stored: {recorded} new figures, {updated} changed.',
  'read.composed': 'These columns are put together from several records and are not read: {columns}',
  'read.list': 'Enter as records…',
  'read.row.missing': 'The table has no such row',
  'read.cell.changed': 'To be stored',
  'read.cell.stands': 'Stored already',
  'read.cell.differs': 'Does not agree with the other figures',
  'read.cell.unread': 'Not understood',
}
