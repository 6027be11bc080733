/**
 * Compiles `src` to `dist`: declarations file by file, `await using` written out for Node 22, and the JavaScript put
 * together into one file for each public face and each part that is loaded late, which halves the time to start.
 * Dependencies stay outside, and nothing is shortened: what runs can be read.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'rolldown'
import manifest from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const compiled = mkdtempSync(join(tmpdir(), 'millrace-build-'))

/** Files that are reached by their path: public faces, the command line, and what runs in processes of its own. */
const faces = Object.values(manifest.exports).flatMap((face) =>
  typeof face === 'string' ? [] : [face.default.replace(/^\.\/dist\/(.*)\.js$/, '$1')],
)
const entries = [...faces, 'doors/cli/main', 'run/pipeline/code/evaluate-child', 'run/pipeline/functions/worker-child']

try {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', compiled]
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) process.exit(done.status ?? 1)
  rmSync(dist, { recursive: true, force: true })
  cpSync(compiled, dist, { recursive: true, filter: (file) => !file.endsWith('.js') })
  await build({
    input: Object.fromEntries(entries.map((entry) => [entry, join(compiled, `${entry}.js`)])),
    external: (name) => !/^[./]/.test(name) && !/^[A-Za-z]:\\/.test(name),
    platform: 'node',
    // Modules have effects (they fill registries), and what is imported and unused is rare.
    treeshake: false,
    logLevel: 'warn',
    output: {
      dir: dist,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name]-[hash].js',
      comments: true,
    },
  })
  writeFileSync(join(dist, '.built'), new Date().toISOString())
} finally {
  rmSync(compiled, { recursive: true, force: true })
}
