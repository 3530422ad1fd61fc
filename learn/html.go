package learn

// HTML is written later.
func (r *Result) HTML() ([]byte, error) { return nil, nil }
