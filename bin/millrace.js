#!/usr/bin/env node
// Answers --version and refuses an old Node before anything else is loaded. Plain syntax that any Node parses.
import { readFileSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
const version = () => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  console.log(version())
} else if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `error NODE_TOO_OLD: Millrace ${version()} needs Node 22.18 or newer, this is ${process.version}\n` +
      '  hint: install a current Node (nodejs.org), or add one to your project: npm install --save-dev node@24',
  )
  process.exitCode = 2
} else {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache?.()
  const { main } = await import('../dist/doors/cli/main.js')
  process.exitCode = await main(process.argv.slice(2))
}
