select one from {{ ref('passing') }} where one > 2
