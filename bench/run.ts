/**
 * npm run bench -- NAME [--runs N] [--scale S] [--only SIDE,…] [--write] [--json]
 * Measures Millrace against what people use, both in one run. `--list` names the benches; the beginning of several
 * names (`dbt` of `dbt-parse`, `dbt-compile` …) runs them all.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench } from './harness/bench.ts'
import { ROOT } from './harness/cache.ts'
import { lockMachine } from './harness/lock.ts'
import { asMarkdown, asText, load } from './harness/report.ts'
import { runBench } from './harness/run-bench.ts'

async function benches(): Promise<Map<string, Bench>> {
  const folder = join(import.meta.dirname, 'benches')
  const found = new Map<string, Bench>()
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()) {
    const { default: bench } = (await import(join(folder, file))) as { default: Bench }
    found.set(bench.name, bench)
  }
  return found
}

/** Puts the section of a bench in the place of its former one. */
async function write(section: string, name: string): Promise<void> {
  const file = join(ROOT, 'bench/RESULTS.md')
  const before = await readFile(file, 'utf8')
  const [head = '', ...sections] = before.split(/^(?=## )/m)
  const others = sections.filter((one) => !one.startsWith(`## ${name}\n`)).map((one) => one.trimEnd())
  const all = [...others, section.trimEnd()].sort()
  await writeFile(file, `${[head.trimEnd(), ...all].join('\n\n')}\n`)
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})
const known = await benches()
const [name] = positionals
const exact = name === undefined ? undefined : known.get(name)
const chosen = exact
  ? [exact]
  : [...known.values()].filter((one) => name !== undefined && one.name.startsWith(`${name}-`))
const [runs, scale] = [Number(values.runs), Number(values.scale)]
if (values.list || chosen.length === 0) {
  if (name !== undefined && !values.list) console.error(`there is no bench "${name}"\n`)
  for (const { name: one, summary } of known.values()) console.log(`${one.padEnd(20)} ${summary}`)
  process.exitCode = values.list || name === undefined ? 0 : 2
} else if (!Number.isInteger(runs) || runs < 1 || !(scale > 0)) {
  console.error('--runs takes a whole number from 1, --scale a number above 0')
  process.exitCode = 2
} else {
  await using _ = await lockMachine()
  if (load() > 1) console.error(`this machine is busy (load ${load().toFixed(1)}): trust the ratios, not the seconds`)
  for (const bench of chosen) {
    const report = await runBench(bench, { runs, scale, ...(values.only ? { only: values.only.split(',') } : {}) })
    console.log(values.json ? JSON.stringify(report) : asText(report))
    if (values.write && runs >= 5 && scale === 1) await write(asMarkdown(report), bench.name)
  }
  if (values.write && !(runs >= 5 && scale === 1))
    console.error('not written: a result needs --runs 5 or more and --scale 1')
}
