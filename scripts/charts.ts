/**
 * Draws the charts of docs/guide/backfill.md: fills examples/flights day by day in a folder of its own, asks its lake,
 * and writes docs/guide/images/*.svg.
 *
 *   node scripts/charts.ts [--project FOLDER] [--parallel 1]
 *
 * `--project` uses a folder in which the days have been filled before.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { View as Drawing, parse } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { backfill, listBackfills, showBackfill } from '../src/doors/app/backfill.ts'
import { openProject, type Project } from '../src/doors/app/open-project.ts'
import { queryProject } from '../src/doors/app/query-data.ts'

const { values } = parseArgs({
  options: { project: { type: 'string' }, parallel: { type: 'string', default: '1' } },
})
const root = join(import.meta.dirname, '..')
const example = join(root, 'examples', 'flights')
const images = join(root, 'docs', 'guide', 'images')

/** Colours that can be read on white and on black. */
const INK = '#7d868f'
const BLUE = '#3b82c4'
const ORANGE = '#d9822b'

/** A copy of the example with its landing files, to be filled. */
function newProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-charts-'))
  const left = /[\\/](lake|target|\.millrace|[^\\/]*\.duckdb[^\\/]*)$/
  cpSync(example, folder, { recursive: true, filter: (source) => !left.test(source.slice(example.length)) })
  const script = join(example, 'data', 'generate.ts')
  const made = spawnSync(process.execPath, [script, '--out', join(folder, 'lake', 'landing')], { stdio: 'inherit' })
  if (made.status !== 0) throw new Error('the landing files could not be made')
  return folder
}

type Row = Record<string, unknown>

async function rows(project: Project, query: string): Promise<Row[]> {
  const found: Row[] = []
  for await (const row of (await queryProject(project, query)).rows) found.push(row as Row)
  return found.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, plain(v)])))
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value)

async function draw(name: string, spec: TopLevelSpec): Promise<void> {
  const config = {
    background: 'transparent',
    font: 'system-ui, sans-serif',
    view: { stroke: null },
    title: { color: INK, fontSize: 14, anchor: 'start' as const },
    axis: { labelColor: INK, titleColor: INK, domainColor: INK, tickColor: INK, gridColor: INK, gridOpacity: 0.2 },
    legend: { labelColor: INK, titleColor: INK },
  }
  const { spec: vega } = compile({ ...spec, config } as TopLevelSpec)
  const svg = await new Drawing(parse(vega), { renderer: 'none' }).toSVG()
  // Coordinates to a tenth of a pixel: a third of the size.
  const small = svg.replaceAll(/\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10))
  writeFileSync(join(images, `${name}.svg`), `${small}\n`)
  console.log(`docs/guide/images/${name}.svg  ${(small.length / 1024).toFixed(0)} kB`)
}

const days = { field: 'date', type: 'temporal', title: null, axis: { format: '%b', tickCount: 'month' } } as const

async function drawAll(project: Project): Promise<void> {
  await draw('flights-per-day', {
    title: 'Flights a day, and how late they were on average',
    data: {
      values: await rows(
        project,
        'select date::varchar as date, sum(flights) as flights, sum(flights * mean_delay) / sum(flights) as delay from daily.hours group by date order by date',
      ),
    },
    vconcat: [
      {
        width: 700,
        height: 130,
        mark: { type: 'area', color: BLUE, opacity: 0.8 },
        encoding: { x: days, y: { field: 'flights', type: 'quantitative', title: 'flights', axis: { tickCount: 4 } } },
      },
      {
        width: 700,
        height: 130,
        mark: { type: 'bar', color: ORANGE, width: 3 },
        encoding: {
          x: days,
          y: { field: 'delay', type: 'quantitative', title: 'minutes late', axis: { tickCount: 4 } },
        },
      },
    ],
  })
  await draw('delay-by-hour', {
    title: 'Minutes late on average, by hour of departure',
    width: 700,
    height: 180,
    data: {
      values: await rows(
        project,
        'select hour, sum(flights) as flights, sum(flights * mean_delay) / sum(flights) as delay from daily.hours group by hour having sum(flights) > 1000 order by hour',
      ),
    },
    mark: { type: 'bar', color: ORANGE },
    encoding: {
      x: { field: 'hour', type: 'ordinal', title: 'hour', axis: { labelAngle: 0 } },
      y: { field: 'delay', type: 'quantitative', title: null, axis: { tickCount: 5 } },
    },
  })
  await draw('delay-by-airport', {
    title: 'Share of flights fifteen minutes late or more, at the twenty busiest airports',
    width: 640,
    height: 340,
    data: {
      values: await rows(
        project,
        'select origin, sum(flights) as flights, sum(late) / sum(flights) as late from daily.airports group by origin order by flights desc limit 20',
      ),
    },
    mark: { type: 'bar', color: BLUE },
    encoding: {
      y: { field: 'origin', type: 'nominal', title: null, sort: '-x' },
      x: { field: 'late', type: 'quantitative', title: null, axis: { format: '.0%', tickCount: 6 } },
    },
  })
  const [newest] = (await listBackfills(project, 'flights_daily')).filter(({ planned }) => planned > 100)
  if (!newest) throw new Error('the project has no backfill of all days')
  const { runs } = await showBackfill(project, newest.backfillId)
  await draw('seconds-per-day', {
    title: 'Seconds that each day of the backfill took',
    width: 700,
    height: 150,
    data: { values: runs.map(({ ds, ms }) => ({ date: ds, seconds: ms / 1000 })) },
    mark: { type: 'point', color: BLUE, filled: true, size: 16 },
    encoding: { x: days, y: { field: 'seconds', type: 'quantitative', title: null, axis: { tickCount: 4 } } },
  })
}

const folder = values.project === undefined ? newProject() : resolve(values.project)
try {
  mkdirSync(images, { recursive: true })
  await using project = await openProject({ projectDir: folder })
  const { status, ms, intervals } = await backfill(project, {
    pipeline: 'flights_daily',
    parallel: Number(values.parallel),
  })
  if (status !== 'success') throw new Error('the backfill did not succeed')
  console.log(`${intervals.length} days in ${(ms / 1000).toFixed(1)} s`)
  await drawAll(project)
} finally {
  if (values.project === undefined) rmSync(folder, { recursive: true, force: true })
}
