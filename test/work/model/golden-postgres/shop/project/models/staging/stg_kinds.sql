select id, whole, fraction, day, moment, name, flag from {{ ref('kinds') }}
