// Words of the forms pages, in Chinese.

export const forms = {
  'forms.choose': '附件表',
  'forms.office': '填报单位',
  'forms.as_of': '数据截至',
  'forms.date': '填报日期',
  'forms.fill': '生成',
  'forms.pages': '打印页',
  'forms.cells': '逐格核对',
  'forms.cells.hint': '点击任一数字，查看它由哪些记录得出。',
  'forms.page': '第 {page} 页，共 {count} 页',
  'forms.save.pdf': '存为 PDF',
  'forms.save.xlsx': '存为 XLSX',
  'forms.saved': '已存为 {name}',
  'forms.unsettled': '有 {count} 格数据有冲突，可以预览，不能用印上报',
  'forms.unsettled.cell': '有冲突',
  'forms.trace': '{row} · {column}：共 {count} 条记录',
  'forms.trace.none': '没有记录计入这一格',
  'forms.start': '选择附件表和数据截至日期，然后点“生成”。',
  'forms.zoom.in': '放大',
  'forms.zoom.out': '缩小',
}
