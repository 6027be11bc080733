select * from {{ ref('helper') }} where orders > 1
