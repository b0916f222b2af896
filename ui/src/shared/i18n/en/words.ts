// Words of a report's sections, in English.

export const words = {
  'words.quoted': 'Numbers quoted',
  'words.figure': 'In all · {name}',
  'words.period': 'This period · {name}',
  'words.list': 'Grouped · {name}',
  'words.given': 'Name or day',
  'words.gone': 'The campaign has this figure or cell no more',
  'words.typed': 'Written over; counted as {shown}',
  'words.restore': 'Use what is counted',
  'words.last': 'Words of the last report',
  'words.last.show': 'Last time beside (Alt+L)',
  'words.last.hide': 'Hide last time (Alt+L)',
}
