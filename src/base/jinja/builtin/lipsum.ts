import { bind } from '../python/arguments.ts'
import { indexOf } from '../python/float.ts'
import { Markup } from '../python/markup.ts'
import { builtin } from '../python/method.ts'
import { PythonError } from '../python/python-error.ts'
import { truth } from '../python/truth.ts'

const WORDS = `ad adipiscing aliqua amet anim aute cillum commodo consectetur consequat culpa cupidatat deserunt dolor
  dolore duis ea eiusmod elit enim esse est et eu ex excepteur exercitation fugiat id in incididunt ipsum irure labore
  laboris lorem magna minim mollit nisi non nostrud nulla occaecat officia pariatur proident qui quis reprehenderit sed
  sint sit sunt tempor ullamco ut velit veniam voluptate`.split(/\s+/)

/** The global `lipsum(n=5, html=true, min=20, max=100)`: paragraphs of random Latin words, for templates that are tried. */
export const lipsum = builtin('lipsum', ({ args, kwargs }) => {
  const [many = 5, html = true, min = 20, max = 100] = bind('lipsum', ['n', 'html', 'min', 'max'], args, kwargs)
  const [least, most] = [indexOf(min), indexOf(max)]
  if (most <= least) throw new PythonError('ValueError', 'lipsum needs a max beyond its min')
  const paragraphs = Array.from({ length: Math.max(0, indexOf(many)) }, () => paragraph(between(least, most)))
  if (!truth(html)) return paragraphs.join('\n\n')
  return new Markup(paragraphs.map((text) => `<p>${text}</p>`).join('\n'))
})

function between(low: number, high: number): number {
  return low + Math.floor(Math.random() * (high - low))
}

function paragraph(size: number): string {
  const words: string[] = []
  let sentence = 0
  for (let index = 0; index < size; index += 1) {
    const choice = WORDS.filter((word) => word !== words.at(-1)?.toLowerCase().replace(/[,.]/, ''))
    const word = choice[between(0, choice.length)] ?? ''
    const ends = index === size - 1 || sentence >= between(8, 18)
    const pauses = sentence > 0 && sentence % 5 === 4
    const shown = sentence === 0 ? word.slice(0, 1).toUpperCase() + word.slice(1) : word
    words.push(shown + (ends ? '.' : pauses ? ',' : ''))
    sentence = ends ? 0 : sentence + 1
  }
  return words.join(' ')
}
