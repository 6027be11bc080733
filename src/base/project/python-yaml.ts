import type { Tags } from 'yaml'

/** How PyYAML tells plain scalars apart, where the `yaml` package does it otherwise: by the type, and a text of it. */
const TESTS: readonly { readonly of: string; readonly like: string; readonly test: RegExp }[] = [
  { of: 'bool', like: 'yes', test: /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/ },
  { of: 'bool', like: 'no', test: /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/ },
  { of: 'int', like: '1', test: /^[-+]?(?:0|[1-9][0-9_]*)$/ },
  { of: 'int', like: '1:30', test: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/ },
  { of: 'float', like: '1.5e+3', test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/ },
  { of: 'float', like: '1.5', test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/ },
]

/**
 * The types of YAML 1.1 (https://yaml.org/type/) as PyYAML's safe loader has them: `yes`, `no`, `on` and `off` are
 * booleans but `y` and `n` are texts, `010` is eight and `08` a text, a number with an exponent needs its dot and sign.
 */
export function pythonTags(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || !('test' in tag) || !tag.test) return tag
    const { test: known } = tag
    const own = TESTS.find(({ of, like }) => tag.tag === `tag:yaml.org,2002:${of}` && known.test(like))
    return own ? { ...tag, test: own.test } : tag
  })
}

/** As `pythonTags`, but dates stay the texts they were written as. */
export function pythonTagsWithoutDates(tags: Tags): Tags {
  return pythonTags(tags).filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:timestamp')
}
