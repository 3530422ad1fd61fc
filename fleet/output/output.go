// Package output writes findings for the systems that others have already: OCSF,
// the Elastic Common Schema, and CEF. The forms of others change; the fleet's own
// events do not follow them.
package output

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/internal/quote"
)

// Formats are what a finding can be written as.
var Formats = map[string]func(*detect.Finding) ([]byte, error){"ecs": ECS, "ocsf": OCSF, "cef": CEF}

// graver are the kinds that somebody should look at today.
var graver = map[string]bool{"canary": true, "silent": true, "gap": true}

const product, version = "pledge", "1"

type object map[string]any

func line(o object) ([]byte, error) {
	text, err := json.Marshal(o)
	return quote.JSON(text), err
}

// ECS is a document of the Elastic Common Schema, version 8.
func ECS(f *detect.Finding) ([]byte, error) {
	severity := 47
	if graver[f.Kind] {
		severity = 73
	}
	o := object{
		"@timestamp": f.Time.UTC().Format(time.RFC3339Nano), "message": f.Text, "ecs": object{"version": "8.11.0"},
		"event": object{"kind": "alert", "category": []string{"intrusion_detection"}, "type": []string{"info"},
			"module": product, "dataset": "pledge.finding", "id": f.ID, "severity": severity},
		"rule": object{"name": f.Kind, "description": f.Text}, "host": object{"name": f.Host},
	}
	if f.Program != "" {
		o["process"] = object{"name": f.Program}
	}
	return line(o)
}

// OCSF is a Detection Finding, class 2004, of version 1.3.
func OCSF(f *detect.Finding) ([]byte, error) {
	severity, name := 3, "Medium"
	if graver[f.Kind] {
		severity, name = 4, "High"
	}
	o := object{
		"category_uid": 2, "category_name": "Findings", "class_uid": 2004, "class_name": "Detection Finding",
		"activity_id": 1, "activity_name": "Create", "type_uid": 200401, "type_name": "Detection Finding: Create",
		"severity_id": severity, "severity": name, "status_id": 1, "status": "New", "time": f.Time.UnixMilli(), "message": f.Text,
		"metadata":     object{"version": "1.3.0", "product": object{"name": product, "vendor_name": "pledge-linux", "version": version}},
		"finding_info": object{"uid": f.ID, "title": f.Kind, "desc": f.Text, "created_time": f.Time.UnixMilli()},
		"remediation":  object{"desc": f.Change},
		"resources":    []object{{"type": "host", "name": f.Host}},
	}
	return line(o)
}

var (
	headerEscape = strings.NewReplacer(`\`, `\\`, `|`, `\|`)
	valueEscape  = strings.NewReplacer(`\`, `\\`, `=`, `\=`)
)

// CEF is a line of the Common Event Format, version 0.
func CEF(f *detect.Finding) ([]byte, error) {
	severity := 5
	if graver[f.Kind] {
		severity = 8
	}
	header := func(s string) string { return headerEscape.Replace(quote.Text(s)) }
	value := func(s string) string { return valueEscape.Replace(quote.Text(s)) }
	return fmt.Appendf(nil, "CEF:0|pledge-linux|%s|%s|%s|%s|%d|rt=%d dvchost=%s sproc=%s externalId=%s msg=%s", product, version,
		header(f.Kind), header(f.Kind+" on "+f.Host), severity, f.Time.UnixMilli(), value(f.Host), value(f.Program), value(f.ID), value(f.Text)), nil
}
