package output_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/output"
)

// hostile is what a program can call itself.
const hostile = "a|b=c\\d\n\x1b[2J\u202e\"e"

var finding = detect.Finding{ID: "novelty/" + hostile, Time: time.Unix(1700000000, 0), Kind: "novelty", Host: "web17", Program: hostile,
	Text: hostile + " runs on 3 hosts", Change: "add the promise inet"}

// In no format does what others have chosen end a line, a field or a header.
func TestOneLine(t *testing.T) {
	for name, write := range output.Formats {
		text, err := write(&finding)
		if err != nil || strings.ContainsAny(string(text), "\n\x1b\u202e") {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// at walks into an object.
func at(t *testing.T, text []byte, keys ...string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		v = v.(map[string]any)[k]
	}
	return v
}

func TestECS(t *testing.T) {
	text, _ := output.ECS(&finding)
	for path, want := range map[string]any{"event.kind": "alert", "event.id": finding.ID, "host.name": "web17", "process.name": hostile, "rule.name": "novelty"} {
		if got := at(t, text, strings.Split(path, ".")...); got != want {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
}

func TestOCSF(t *testing.T) {
	text, _ := output.OCSF(&finding)
	for path, want := range map[string]any{"class_uid": 2004.0, "category_uid": 2.0, "type_uid": 200401.0, "severity_id": 3.0, "finding_info.uid": finding.ID, "time": 1.7e12} {
		if got := at(t, text, strings.Split(path, ".")...); got != want {
			t.Errorf("%s = %v, want %v", path, got, want)
		}
	}
}

// A parser of CEF gets back what was written.
func TestCEF(t *testing.T) {
	text, _ := output.CEF(&finding)
	header := regexp.MustCompile(`^CEF:0((?:\|(?:[^|\\]|\\.)*){6})\|(.*)$`).FindStringSubmatch(string(text))
	if header == nil {
		t.Fatalf("%q has no seven fields", text)
	}
	values := map[string]string{}
	starts := regexp.MustCompile(`(?:^| )([a-zA-Z]+)=`).FindAllStringSubmatchIndex(header[2], -1)
	for i, s := range starts {
		end := len(header[2])
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		values[header[2][s[2]:s[3]]] = strings.NewReplacer(`\\`, `\`, `\=`, `=`).Replace(header[2][s[1]:end])
	}
	if len(values) != 5 || values["dvchost"] != "web17" || values["sproc"] != `a|b=c\d\n\x1b[2J\u202e"e` {
		t.Errorf("%q", values)
	}
}
