select d.code, d.amount, d.greeting, n.many, {{ shop_staging.wrapped('top') }} as label, '{{ var("greeting") }}' as root_greeting
from {{ ref('doubled') }} d, {{ ref('numbers') }} n
