import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

interface Graph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null
}

/** The modules that one of the page reads before it runs, itself among them. */
function readBy(name: string): (id: string, graph: Graph) => boolean {
  const root = fileURLToPath(new URL(name, import.meta.url))
  const read = new Set<string>()
  return (id, graph) => {
    const next = read.size === 0 ? [root] : []
    for (let module = next.pop(); module !== undefined; module = next.pop()) {
      if (read.has(module)) continue
      read.add(module)
      next.push(...(graph.getModuleInfo(module)?.importedIds ?? []))
    }
    return read.has(id)
  }
}

const isFirst = readBy('./src/main.ts')
const isKit = readBy('./src/shared/element.ts')

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
            // What the first screen needs comes in one file, and what pages share beyond that in another: each further one is
            // a question to the shell before something shows.
            {
              debugName: 'core and kit',
              name: (id, graph) => {
                if (isFirst(id, graph)) return 'core'
                return isKit(id, graph) || /src\/shared\/(?!i18n\/en)/.test(id) ? 'kit' : null
              },
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testing/words.ts'],
    // Only so that a test that hangs ends: how fast a machine is decides nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    server: { deps: { inline: ['element-plus'] } },
  },
})
