package rcclient

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"strconv"
)

const (
	// MaxPerPage is the largest page the lists give, and the one that is asked for
	// (spec; larger values are clamped).
	MaxPerPage = 1000
	// maxPages is the last page the lists have (spec).
	maxPages = 1000
)

// page is one page of a list. Which of paging and navigation is there, and
// which of their fields, differs from list to list.
type page[T any] struct {
	Records    *[]T       `json:"records"`
	Paging     pagePaging `json:"paging"`
	Navigation *pageLinks `json:"navigation"`
}

type pagePaging struct {
	PerPage    int `json:"perPage"`
	TotalPages int `json:"totalPages"`
}

type pageLinks struct {
	NextPage *struct {
		URI string `json:"uri"`
	} `json:"nextPage"`
}

// more tells whether a page follows page number n. A link to the next one or a
// number of pages says so; where the list has neither, a full page does.
func (p *page[T]) more(n int) bool {
	switch {
	case len(*p.Records) == 0:
		return false
	case p.Navigation != nil && p.Navigation.NextPage != nil:
		return true
	case p.Paging.TotalPages > 0:
		return n < p.Paging.TotalPages
	case p.Navigation != nil:
		return false
	}
	full := MaxPerPage
	if p.Paging.PerPage > 0 {
		full = p.Paging.PerPage
	}
	return len(*p.Records) >= full
}

// readPages reads all pages of a list. Pages are asked for by number, never by
// the link of an answer, which could lead elsewhere.
func readPages[T any](ctx context.Context, c *Client, r request) ([]T, error) {
	return readPagesFrom[T](ctx, c, r, 1)
}

func readPagesFrom[T any](ctx context.Context, c *Client, r request, first int) ([]T, error) {
	all := []T{}
	for n := first; n <= maxPages; n++ {
		p, err := readPage[T](ctx, c, r, n)
		if err != nil {
			return nil, err
		}
		all = append(all, *p.Records...)
		if !p.more(n) {
			return all, nil
		}
	}
	return nil, fmt.Errorf("%s: the list has more than %d pages, which can't be read", r.op.id, maxPages)
}

func readPage[T any](ctx context.Context, c *Client, r request, n int) (*page[T], error) {
	r.query = pageQuery(r.query, n)
	p, meta, err := callOne[page[T]](ctx, c, r)
	if err != nil {
		return nil, err
	}
	if p.Records == nil {
		return nil, missized(r.op, meta, fmt.Sprintf("page %d has no records", n))
	}
	return p, nil
}

func pageQuery(q url.Values, n int) url.Values {
	q = maps.Clone(q)
	if q == nil {
		q = url.Values{}
	}
	q.Set("page", strconv.Itoa(n))
	q.Set("perPage", strconv.Itoa(MaxPerPage))
	return q
}

// readRecords reads a list that takes no paging parameters. Should its answer
// name further pages all the same, they are read too.
func readRecords[T any](ctx context.Context, c *Client, r request) ([]T, error) {
	p, meta, err := callOne[page[T]](ctx, c, r)
	if err != nil {
		return nil, err
	}
	if p.Records == nil {
		return nil, missized(r.op, meta, "the answer has no records")
	}
	linked := p.Navigation != nil && p.Navigation.NextPage != nil
	if !linked && p.Paging.TotalPages <= 1 {
		return *p.Records, nil
	}
	return readPages[T](ctx, c, r)
}
