package launcher

// A table is a map that is written down and searched from the front: it lies in
// the executable as it is, where a map would be built at every start.
type table[K comparable, V any] []struct {
	key   K
	value V
}

func (t table[K, V]) find(key K) (v V, ok bool) {
	for i := range t {
		if t[i].key == key {
			return t[i].value, true
		}
	}
	return v, false
}
