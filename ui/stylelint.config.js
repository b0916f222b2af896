// Colours have names, in one file. How style sheets are laid out is Prettier's.

const message = 'A colour of the page has its name in shared/styles/tokens.css.'

export default {
  rules: {
    'color-no-hex': [true, { message }],
    'color-named': ['never', { message }],
    'function-disallowed-list': [['rgb', 'rgba', 'hsl', 'hsla', 'hwb', 'lab', 'lch', 'oklab', 'oklch', 'color'], { message }],
    'color-no-invalid-hex': true,
    'declaration-block-no-duplicate-properties': true,
    'no-duplicate-selectors': true,
    'property-no-unknown': true,
    'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['deep', 'global', 'slotted'] }],
    'unit-no-unknown': true,
  },
  overrides: [
    { files: ['**/*.vue'], customSyntax: 'postcss-html' },
    { files: ['src/shared/styles/tokens.css'], rules: { 'color-no-hex': null, 'function-disallowed-list': null } },
  ],
}
