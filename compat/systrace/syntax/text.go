package syntax

import (
	"errors"
	"fmt"
)

// Text prints sections and makes sure that they are read as what they are: no
// line is too long, and no name in them has made a policy, a rule or a comment
// of its own.
func Text(sections ...*Section) (string, error) {
	text := Print(&File{Sections: sections})
	o := Options{}
	if len(sections) > 0 && sections[0].Kind == Fragment {
		o.Fragment = sections[0].Name
	}
	f, err := Parse("what would be written", []byte(text), o)
	if err != nil {
		return "", err
	}
	if len(f.Sections) != len(sections) {
		return "", fmt.Errorf("it would be %d policies instead of %d", len(f.Sections), len(sections))
	}
	for i, s := range f.Sections {
		if err := s.same(sections[i]); err != nil {
			return "", err
		}
	}
	return text, nil
}

func (s *Section) same(as *Section) error {
	if s.Kind != as.Kind || s.Name != as.Name || s.Emulation != as.Emulation || s.Detached != as.Detached || len(s.Rules) != len(as.Rules) {
		return errors.New("it would be another policy")
	}
	for i, r := range s.Rules {
		if o := as.Rules[i]; r.Emulation != o.Emulation || r.Call != o.Call || r.Text() != o.Text() {
			return fmt.Errorf("rule %d would be another", i+1)
		}
	}
	return nil
}
