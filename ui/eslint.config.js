// The rules of the page that a program can check. How it is laid out is Prettier's, colours and styles are stylelint's.

import importX from 'eslint-plugin-import-x'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

/** What a part of the page may not import, with the reason. */
function closed(files, ...groups) {
  const patterns = groups.map(([group, message]) => ({ group, message }))
  return { files, ignores: ['**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}

const SHELL = [['@tauri-apps/*'], 'Only the bridge speaks to the shell.']
const FEATURES = [['@/features/*', '**/features/**'], 'What is shared knows nothing of the product.']
const ROUTER = [['**/frame/router'], 'An address is in frame/addresses; the router stands above the features it leads to.']

export default ts.config(
  { ignores: ['dist/', 'src/bridge/generated/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ts.configs.recommended,
  vue.configs['flat/essential'],
  // For every file: what imports a component reads its script too.
  { languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.vue'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'], 'vue-eslint-parser': ['.vue'] },
      'import-x/resolver-next': [createTypeScriptImportResolver()],
    },
    rules: {
      // TypeScript knows what is defined.
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-cycle': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/enforce-style-attribute': ['error', { allow: ['scoped'] }],
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    // A form holds fields, and a field may open a form for what it names: a circle, and meant as one.
    files: ['src/features/records/{RecordDialog,RecordForm,FieldInput,RefPicker}.vue', 'src/features/records/fields/*'],
    rules: { 'import-x/no-cycle': 'off' },
  },
  closed(['src/**'], SHELL),
  closed(['src/features/**'], SHELL, ROUTER),
  closed(['src/features/frame/**'], SHELL),
  closed(['src/shared/**'], SHELL, FEATURES),
  closed(['src/bridge/**'], FEATURES),
)
