import type { CommandDefinition } from '../command.ts'
import { EXIT, styled, table } from '../terminal.ts'

const MARKS = { ok: ['green', 'ok'], missing: ['yellow', 'not there'], wrong: ['red', 'wrong'] } as const

const doctor: CommandDefinition = {
  name: 'doctor',
  summary: 'Says what is missing and how to get it.',
  async run({ options, terminal }) {
    const { examine } = await import('../../app/doctor.ts')
    const findings = await examine(typeof options.projectDir === 'string' ? options.projectDir : process.cwd())
    if (terminal.json) terminal.data({ findings })
    else {
      const rows = findings.map(({ what, state, says }) => [styled(MARKS[state][0], MARKS[state][1]), what, says])
      terminal.line(table(terminal, ['', 'what', 'found'], rows, { whole: ['found'] }))
      for (const { what, hint } of findings) if (hint) terminal.line(`  ${what}: ${hint}`)
    }
    return findings.some(({ state }) => state === 'wrong') ? EXIT.failed : EXIT.ok
  },
}
export default doctor
