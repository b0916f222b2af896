import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  clearScreen: false,
  // The manual lies with the other data, beside this folder.
  server: { port: 1420, strictPort: true, fs: { allow: ['.', '../assets/manual'] } },
  build: {
    // The oldest web views in use: WebView2 109 and WebKitGTK 2.38.
    target: ['chrome109', 'safari15'],
    // A style that is not in a file of its own is dropped by the window's content security policy.
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What asks before the page is read has to come without it.
            { name: 'first', priority: 2, test: /src\/bridge\/early|src\/shared\/i18n\/kept|@tauri-apps|preload-helper/ },
            // What every page needs comes in one file: each further one is a question to the shell before the window shows.
            {
              name: 'core',
              test: /node_modules\/(?!echarts|zrender|markdown-it|linkify-it|mdurl|uc\.micro|entities)|src\/(shared|bridge|features\/(frame|book))/,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    // Only so that a test that hangs ends: how fast a machine is decides nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ['element-plus'] } },
  },
})
