// Words of the common pages, in English.

export const common = {
  'action.create': 'New',
  'action.create.of': 'New {kind}',
  'action.edit': 'Edit',
  'action.open': 'Open',
  'action.save': 'Save',
  'action.save.next': 'Save and start the next',
  'action.back': 'Back',
  'action.cancel': 'Cancel',
  'action.confirm': 'Confirm',
  'action.query': 'Search',
  'action.reset': 'Reset',
  'action.close': 'Close',
  'action.add': 'Add a row',
  'action.remove': 'Remove',
  'action.void': 'Void',
  'action.choose': 'Choose a file',
  'action.undo': 'Undo import',
  'problem.remedy': 'What to do: ',
  'problem.unexpected': 'The program met something unexpected: {detail}',
  'problem.unexpected.remedy': 'What you typed is still here. Try again; if it stays, open the program anew.',
}
