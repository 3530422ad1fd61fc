package spool

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"slices"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// stateName is the file that says what was sent and dropped; it is written under
// the other name first.
const stateName, stateNew = "state", "state.new"

// state is what the segments do not say.
type state struct {
	Seq     uint64 // the largest number of Boot
	Boot    string
	Sent    [envelope.Severities]position
	Dropped [envelope.Severities]int // segments up to this number are gone
	Gap     envelope.Gap             // what was dropped since the last record
	Sending *sending                 // the record of a gap that is under way
	Lost    uint64
}

// position is the first frame that was not sent.
type position struct{ Segment, Frame int }

type sending struct {
	Seq  uint64
	Boot string
	Time time.Time
	Gap  envelope.Gap
}

func name(sev, number int) string { return fmt.Sprintf("%d-%012d", sev, number) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header is a record's length and sum.
const header = 8

func seal(text []byte) []byte {
	record := make([]byte, header, header+len(text))
	binary.LittleEndian.PutUint32(record, uint32(len(text)))
	binary.LittleEndian.PutUint32(record[4:], crc32.Checksum(text, castagnoli))
	return append(record, text...)
}

var errTorn = errors.New("spool: a frame was cut off")

// unseal returns the first record of data and how long it is.
func unseal(data []byte) (text []byte, size int64, err error) {
	if len(data) < header {
		return nil, 0, errTorn
	}
	n := int64(binary.LittleEndian.Uint32(data))
	if n == 0 || n > int64(len(data)-header) {
		return nil, 0, errTorn
	}
	text = data[header : header+n]
	if crc32.Checksum(text, castagnoli) != binary.LittleEndian.Uint32(data[4:]) {
		return nil, 0, errTorn
	}
	return text, header + n, nil
}

// save replaces the state.
func (s *Spool) save() error {
	s.state.Seq, s.state.Boot = s.seq, s.o.Boot
	for sev := range s.class {
		s.state.Sent[sev] = s.position(sev)
	}
	text, err := json.Marshal(s.state)
	if err != nil {
		return err
	}
	f, err := s.disk.Create(stateNew)
	if err != nil {
		return err
	}
	_, err = f.Write(seal(text))
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := s.disk.Rename(stateNew, stateName); err != nil {
		return err
	}
	return s.disk.Sync()
}

// position returns the first frame of a severity that was not sent.
func (s *Spool) position(sev int) position {
	list := s.class[sev].segments
	for _, g := range list {
		if g.sent < len(g.frames) {
			return position{g.number, g.sent}
		}
	}
	if len(list) == 0 {
		return position{s.state.Dropped[sev] + 1, 0}
	}
	return position{s.class[sev].last().number, s.class[sev].last().sent}
}

// load reads the state and the segments.
func (s *Spool) load() error {
	if err := s.loadState(); err != nil {
		return err
	}
	names, err := s.disk.List()
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, file := range names {
		var sev, number int
		if n, _ := fmt.Sscanf(file, "%d-%d", &sev, &number); n != 2 || sev < 0 || sev >= envelope.Severities || name(sev, number) != file {
			continue
		}
		if number <= s.state.Dropped[sev] { // and counted, but an end came between
			if err := s.disk.Remove(file); err != nil {
				return err
			}
			continue
		}
		if err := s.loadSegment(sev, number); err != nil {
			return err
		}
	}
	return nil
}

func (s *Spool) loadState() error {
	data, err := s.disk.Read(stateName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	text, _, err := unseal(data)
	if err != nil {
		return fmt.Errorf("%s: %w", stateName, err)
	}
	if err := json.Unmarshal(text, &s.state); err != nil {
		return fmt.Errorf("%s: %w", stateName, err)
	}
	if s.state.Boot == s.o.Boot {
		s.seq = s.state.Seq
	}
	return nil
}

// loadSegment reads a segment up to the frame that was cut off, if one was.
func (s *Spool) loadSegment(sev, number int) error {
	data, err := s.disk.Read(name(sev, number))
	if err != nil {
		return err
	}
	g := &segment{number: number}
	for int64(len(data)) > g.size {
		text, size, err := unseal(data[g.size:])
		if err != nil {
			s.bad++
			break
		}
		at, err := spanOf(text)
		if err != nil {
			return fmt.Errorf("%s: %w", name(sev, number), err)
		}
		if at.boot == s.o.Boot {
			s.seq = max(s.seq, at.last)
		}
		at.at, at.size = g.size, size
		g.frames = append(g.frames, at)
		g.size += size
	}
	switch at := s.state.Sent[sev]; {
	case number < at.Segment:
		g.sent = len(g.frames)
	case number == at.Segment:
		g.sent = min(at.Frame, len(g.frames))
	}
	s.class[sev].segments = append(s.class[sev].segments, g)
	s.sizes += g.size
	return nil
}

// spanOf says which events a frame has.
func spanOf(text []byte) (span, error) {
	list, err := envelope.Split(text)
	if err != nil {
		return span{}, err
	}
	first, last := list[0], list[len(list)-1]
	return span{count: len(list), first: first.Seq, last: last.Seq, boot: first.Boot}, nil
}

// room makes room for so many bytes.
func (s *Spool) room(n int64) error {
	for s.sizes+n > s.o.Limit {
		sev := s.victim()
		if sev < 0 {
			return fmt.Errorf("a limit of %d bytes is too small for a frame", s.o.Limit)
		}
		if err := s.drop(sev); err != nil {
			return err
		}
	}
	return nil
}

// victim returns the severity whose oldest segment goes: one that was sent, else
// the least. It returns -1 if there is nothing.
func (s *Spool) victim() int {
	least := -1
	for sev := range s.class {
		list := s.class[sev].segments
		if len(list) == 0 {
			continue
		}
		if least < 0 {
			least = sev
		}
		if g := list[0]; g.sent == len(g.frames) {
			return sev
		}
	}
	return least
}

// drop counts the oldest segment of a severity, then removes it.
func (s *Spool) drop(sev int) error {
	c := &s.class[sev]
	g := c.segments[0]
	for _, f := range g.frames[g.sent:] {
		s.count(f, sev)
	}
	if len(c.segments) == 1 && c.open != nil {
		c.open.Close()
		c.open = nil
	}
	c.segments = c.segments[1:]
	s.state.Dropped[sev] = g.number
	s.sizes -= g.size
	if err := s.save(); err != nil {
		return err
	}
	return s.disk.Remove(name(sev, g.number))
}

// count takes a frame that is dropped into the record of the gap. From and To
// are of this boot, if any of the events are.
func (s *Spool) count(f span, sev int) {
	g := &s.state.Gap
	if g.Sevs == nil {
		g.Sevs = map[int]int{}
	}
	g.Count += uint64(f.count)
	g.Sevs[sev] += f.count
	s.state.Lost += uint64(f.count)
	switch {
	case g.From == 0 || f.boot == s.o.Boot && g.Boot != f.boot:
		g.From, g.To, g.Boot = f.first, f.last, f.boot
	case g.Boot == f.boot:
		g.From, g.To = min(g.From, f.first), max(g.To, f.last)
	}
}
