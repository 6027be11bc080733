/**
 * Compiles `src` to `dist`: declarations file by file, `await using` written out for Node 22, and the JavaScript put
 * together into one file for each public face and each part that is loaded late, which halves the time to start.
 * Dependencies of plain JavaScript are put in with their licences, for finding their many files takes as long as
 * reading them; native and optional ones stay outside. Nothing is shortened: what runs can be read.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Plugin } from 'rolldown'
import manifest from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const compiled = mkdtempSync(join(tmpdir(), 'millrace-build-'))

/** Files that are reached by their path: public faces, the command line, and what runs in processes of its own. */
const faces = Object.values(manifest.exports).flatMap((face) =>
  typeof face === 'string' ? [] : [face.default.replace(/^\.\/dist\/(.*)\.js$/, '$1')],
)
const entries = [...faces, 'doors/cli/main', 'run/pipeline/code/evaluate-child', 'run/pipeline/functions/worker-child']

/** Native packages, and those that the user installs when they are wanted. */
const outside = ['@duckdb/node-api', '@duckdb/node-bindings', ...Object.keys(manifest.peerDependencies)]

/**
 * commander loads `node:child_process` for commands that are programs of their own, of which there are none here. It
 * would take a sixth of the time to start a command.
 */
const startsProcesses = (name: string, importer: string | undefined): boolean =>
  name === 'node:child_process' && importer?.includes('/node_modules/commander/') === true
const lateProcesses: Plugin = {
  name: 'late-processes',
  resolveId: (name, importer) => (startsProcesses(name, importer) ? '\0late-processes' : null),
  load: (id) =>
    id === '\0late-processes'
      ? "export default { spawn: (...words) => process.getBuiltinModule('node:child_process').spawn(...words) }"
      : null,
}

/** The licences of the packages that the modules of a build come from. */
function licences(modules: readonly string[]): string {
  const packages = modules.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  return [...new Set(packages)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      return `${name} ${version}, ${license}\n\n${text ? readFileSync(join(folder, text), 'utf8').trim() : ''}\n`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

try {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const args = [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', compiled]
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) process.exit(done.status ?? 1)
  rmSync(dist, { recursive: true, force: true })
  cpSync(compiled, dist, { recursive: true, filter: (file) => !file.endsWith('.js') })
  symlinkSync(join(root, 'node_modules'), join(compiled, 'node_modules'))
  const { output } = await build({
    input: Object.fromEntries(entries.map((entry) => [entry, join(compiled, `${entry}.js`)])),
    external: (name, importer) =>
      (isBuiltin(name) && !startsProcesses(name, importer)) ||
      outside.some((one) => name === one || name.startsWith(`${one}/`)),
    platform: 'node',
    plugins: [lateProcesses],
    // Our own modules have effects (they fill registries), and what is imported and unused is rare there.
    treeshake: { moduleSideEffects: (file) => !file.includes('node_modules') },
    logLevel: 'warn',
    output: {
      dir: dist,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'parts/[name]-[hash].js',
      comments: true,
    },
  })
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
  writeFileSync(join(dist, 'LICENCES.txt'), licences(modules))
  writeFileSync(join(dist, '.built'), new Date().toISOString())
} finally {
  rmSync(compiled, { recursive: true, force: true })
}
