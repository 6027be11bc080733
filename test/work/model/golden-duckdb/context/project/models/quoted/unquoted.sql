select '{{ this }}' as t
