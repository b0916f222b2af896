// Words of printed documents, in Chinese.

export const documents = {
  'print.shown': '已在 PDF 阅读器中打开，请在那里选择打印机打印。',
  'document.crumb': '打印页',
  'document.save': '存为 PDF',
  'document.saved': '已存为 {name}',
  'written.open': '打开',
  'written.folder': '打开所在文件夹',
  'document.loading': '正在排版…',
  'document.unsettled': '这条记录有未决冲突，打印出来会注明“预览”',
  'document.hint': '页面就是打印出来的样子。空着的项可以打印后手写，签名处留给当事人和检查人员。',
}
