package main

import (
	"fmt"
	"io"
	"path"
	"strings"
)

// A table is kernel × check.
type table struct {
	verbose bool
	names   []string
	rows    []string
	columns map[string]*outcome
}

func (t *table) add(name string, r *outcome) {
	if t.columns == nil {
		t.columns = map[string]*outcome{}
	}
	t.names, t.columns[name] = append(t.names, name), r
	known := map[string]bool{}
	for _, row := range t.rows {
		known[row] = true
	}
	for _, row := range r.order {
		if !known[row] {
			t.rows = append(t.rows, row)
		}
	}
}

// cell is what stands in a row and a column, and whether that was expected.
func (t *table) cell(row, column string) (text string, d *difference, expected bool) {
	res, ran := t.columns[column].results[row]
	if !ran {
		return "-", nil, true
	}
	d = differs(column, row)
	switch {
	case res.ok && d == nil:
		return "ok", nil, true
	case res.ok:
		return "OK?", d, false
	case d == nil:
		return "FAIL", nil, false
	}
	return "less", d, true
}

func differs(column, row string) *difference {
	for i := range differences {
		d := &differences[i]
		for _, k := range strings.Fields(d.kernels) {
			for _, c := range strings.Fields(d.checks) {
				a, _ := path.Match(k, column)
				if b, _ := path.Match(c, row); a && b {
					return d
				}
			}
		}
	}
	return nil
}

// print writes the table, the reasons, and what was not expected, and reports whether
// there was nothing of that.
func (t *table) print(w io.Writer) bool {
	fmt.Fprintf(w, "| check | %s |\n|---|%s\n", strings.Join(t.names, " | "), strings.Repeat("---|", len(t.names)))
	var wrong []string
	used := map[*difference]bool{}
	for _, row := range t.rows {
		cells := []string{row}
		for _, column := range t.names {
			text, d, expected := t.cell(row, column)
			cells = append(cells, text)
			if d != nil {
				used[d] = true
			}
			if !expected {
				wrong = append(wrong, t.complaint(row, column, d))
			}
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
	}
	fmt.Fprintf(w, "\n%d checks, %d kernels. ok: as everywhere. less: differs, as expected. -: not run there.\n", len(t.rows), len(t.names))
	for i := range differences {
		if d := &differences[i]; used[d] {
			fmt.Fprintf(w, "less: %s on %s: %s\n", d.checks, d.kernels, d.why)
		}
	}
	for _, s := range wrong {
		fmt.Fprintln(w, s)
	}
	return len(wrong) == 0
}

func (t *table) complaint(row, column string, d *difference) string {
	if d != nil {
		return fmt.Sprintf("OK?: %s on %s is as elsewhere: take it out of the differences (%s)", row, column, d.why)
	}
	said := t.columns[column].results[row].said
	if !t.verbose && len(said) > 300 {
		said = said[:300] + " ..."
	}
	return fmt.Sprintf("FAIL: %s on %s: %s", row, column, said)
}
