select * from {{ ref('shop_staging', 'by_code') }} union all select * from {{ ref('by_code') }}
