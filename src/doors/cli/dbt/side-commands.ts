import { MillraceError } from '../../../base/kernel/index.ts'
import { EXIT } from '../terminal.ts'
import type { SideCommand } from './commands.ts'
import type { DbtCall } from './run-line.ts'

/** The commands that work on no graph. */
export const SIDE: Readonly<Record<SideCommand, (call: DbtCall) => Promise<number>>> = {
  clean,
  debug,
  init,
  deps,
  'docs serve': serveDocs,
}

async function clean({ place, flags, printer }: DbtCall): Promise<number> {
  const { cleanDbtProject } = await import('../../app/dbt/clean.ts')
  const cleaned = await cleanDbtProject(place, {
    ...(typeof flags['target_path'] === 'string' ? { targetPath: flags['target_path'] } : {}),
    projectOnly: flags['clean_project_files_only'] !== false,
  })
  for (const folder of cleaned) {
    printer.print([
      { level: 'info', text: `Checking ${folder}/*`, name: 'CheckCleanPath' },
      { level: 'info', text: `Cleaned ${folder}/*`, name: 'ConfirmCleanPath' },
    ])
  }
  printer.print([{ level: 'info', text: 'Finished cleaning all paths.', name: 'FinishedCleanPaths' }])
  return EXIT.ok
}

async function debug({ place, flags, printer, terminal, signal }: DbtCall): Promise<number> {
  const { debugDbt } = await import('../../app/dbt/debug.ts')
  const found = await debugDbt({ ...place, signal, connectionOnly: flags['connection'] === true })
  if (flags['config_dir'] === true) {
    terminal.line(`To view your profiles.yml file, run:\n\nopen ${found.profilesFolder ?? ''}`)
    return EXIT.ok
  }
  if (terminal.json) terminal.data(found)
  else {
    const colour = (ok: boolean) => (ok ? 'green' : 'red')
    for (const { name, ok, detail } of found.checks) {
      const word = ok ? 'OK' : 'ERROR'
      printer.print([
        {
          level: ok ? 'info' : 'error',
          text: `  ${name} [${word} ${detail}]`,
          name: 'DebugCmdResult',
          mark: { word: `${word} ${detail}`, colour: colour(ok) },
        },
      ])
    }
    const ok = found.checks.every((check) => check.ok)
    printer.print([
      {
        level: ok ? 'info' : 'error',
        text: ok ? 'All checks passed!' : 'Some checks failed; see above.',
        name: 'DebugCmdOut',
      },
    ])
  }
  return found.checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed
}

async function init({ rest, flags, printer }: DbtCall): Promise<number> {
  const [name] = rest
  if (name === undefined) {
    throw new MillraceError('USAGE', 'millrace dbt init: the name of the project is missing', {
      hint: 'Write millrace dbt init my_shop.',
    })
  }
  const { initDbtProject } = await import('../../app/dbt/init.ts')
  const made = await initDbtProject(name, { profile: flags['skip_profile_setup'] !== true })
  printer.print([
    {
      level: 'info',
      text: `Your new dbt project "${name}" was created, with ${made.length} files.`,
      name: 'ProjectCreated',
    },
    { level: 'info', text: `Next: cd ${name} && millrace dbt build`, name: 'ProjectCreated' },
  ])
  return EXIT.ok
}

async function deps({ place, flags, printer, terminal, signal }: DbtCall): Promise<number> {
  const { installDbtPackages } = await import('../../app/dbt/install-packages.ts')
  const found = await installDbtPackages(place, {
    upgrade: flags['upgrade'] === true,
    lock: flags['lock'] === true,
    ...(typeof flags['add_package'] === 'string' ? { addPackage: flags['add_package'] } : {}),
    ...(typeof flags['source'] === 'string' ? { source: flags['source'] as 'hub' | 'git' | 'local' } : {}),
    signal,
    onEvent: (text) => printer.print([{ level: 'info', text, name: 'DepsInstallInfo' }]),
  })
  if (terminal.json) terminal.data(found)
  return EXIT.ok
}

async function serveDocs({ place, flags, printer, signal }: DbtCall): Promise<number> {
  const { serveDbtDocs } = await import('../../app/dbt/serve-docs.ts')
  const host = (flags['host'] as string | undefined) ?? '127.0.0.1'
  await using server = await serveDbtDocs(place, {
    host: host === '' ? '127.0.0.1' : host,
    port: (flags['port'] as number | undefined) ?? 8080,
    ...(typeof flags['target_path'] === 'string' ? { targetPath: flags['target_path'] } : {}),
  })
  printer.print([
    { level: 'info', text: `Serving docs at ${server.url}`, name: 'ServingDocsPort' },
    { level: 'info', text: 'Press Ctrl+C to exit.', name: 'ServingDocsExitInfo' },
  ])
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return EXIT.ok
}
