//go:build unix

package learn

import (
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/pledge-linux/pledge/internal/quote"
)

// JSON is UTF-8. What is not has its bytes, in base64, beside it.
type (
	jsonResult struct {
		Command  []string       `json:"command"`
		Bytes    [][]byte       `json:"command_bytes,omitempty"`
		Learned  string         `json:"learned"`
		Calls    int            `json:"calls"`
		Promises string         `json:"promises"`
		Words    []jsonWord     `json:"words"`
		Unveil   []jsonPath     `json:"unveil"`
		Never    []jsonEvidence `json:"never,omitempty"`
		Notes    []string       `json:"notes,omitempty"`
		History  []string       `json:"history,omitempty"`
	}
	jsonWord struct {
		Promise string `json:"promise"`
		jsonEvidence
	}
	jsonPath struct {
		Path  string `json:"path"`
		Bytes []byte `json:"path_bytes,omitempty"`
		Perms string `json:"perms"`
		Wider bool   `json:"wider,omitempty"`
		jsonEvidence
	}
	jsonEvidence struct {
		Evidence
		Bytes []byte `json:"program_bytes,omitempty"`
	}
)

func (e Evidence) json() jsonEvidence { return jsonEvidence{e, bytesOf(e.Program)} }

// JSON returns everything for programs.
func (r *Result) JSON() ([]byte, error) {
	out := jsonResult{r.Command, bytesOfAll(r.Command), r.Time.Format(time.RFC3339), r.Calls, r.Promises.String(), []jsonWord{}, []jsonPath{}, nil, r.Notes, r.History}
	for _, w := range r.Words {
		out.Words = append(out.Words, jsonWord{w.Promise, w.json()})
	}
	for _, e := range r.Never {
		out.Never = append(out.Never, e.json())
	}
	for _, u := range r.Unveils {
		out.Unveil = append(out.Unveil, jsonPath{u.Path, bytesOf(u.Path), u.Perms.String(), u.Wider, u.json()})
	}
	b, err := json.MarshalIndent(out, "", "  ")
	return append(quote.JSON(b), '\n'), err
}

// bytesOf returns the bytes of what JSON cannot have.
func bytesOf(s string) []byte {
	if utf8.ValidString(s) {
		return nil
	}
	return []byte(s)
}

func bytesOfAll(list []string) (all [][]byte) {
	valid := true
	for _, s := range list {
		valid = valid && utf8.ValidString(s)
		all = append(all, []byte(s))
	}
	if valid {
		return nil
	}
	return all
}
