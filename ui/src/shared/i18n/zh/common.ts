// Words of the common pages, in Chinese.

export const common = {
  'action.create': '新增',
  'action.create.of': '新增{kind}',
  'action.edit': '编辑',
  'action.open': '打开',
  'action.save': '保存',
  'action.save.next': '保存并新增下一条',
  'action.back': '返回',
  'action.cancel': '取消',
  'action.confirm': '确认',
  'action.query': '查询',
  'action.reset': '重置',
  'action.close': '关闭',
  'action.add': '添加一行',
  'action.remove': '删除',
  'action.void': '作废',
  'action.choose': '选择文件',
  'action.undo': '撤销导入',
  'problem.remedy': '怎么办：',
  'problem.unexpected': '程序出了意外：{detail}',
  'problem.unexpected.remedy': '已填内容仍在。请再试一次；若仍不行，请重新打开程序。',
}
