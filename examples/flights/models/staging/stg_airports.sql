select iata, name as airport, city, state, latitude, longitude
from {{ source('raw', 'airports') }}
