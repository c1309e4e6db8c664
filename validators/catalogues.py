"""Catalogues: read as JSON-LD; every file that they list must be there as they say."""

import hashlib
from urllib.parse import unquote

from rdflib import DCTERMS, FOAF, RDF, SDO, XSD, Graph, Namespace

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
# An address that nobody asks: relative addresses need one to stand on.
BASE = "https://site.example/"
SDO_HTTPS = Namespace(str(SDO).replace("http://", "https://"))


def read(file):
    return Graph().parse(data=file.read_text(encoding="utf-8"), format="json-ld", publicID=BASE + file.name)


def check(site):
    n, faults = 0, []
    graph = read(site / "catalogue.jsonld")
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    for dataset in datasets:
        for wanted in (DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.spatial, DCAT.distribution, DCAT.landingPage):
            if (dataset, wanted, None) not in graph:
                faults.append(f"{dataset} has no {wanted}")
        # A site without editions says neither; one with them says both, and as what they are.
        issued, publisher = graph.value(dataset, DCTERMS.issued), graph.value(dataset, DCTERMS.publisher)
        if (site / "editions.html").is_file() and (issued is None or issued.datatype != XSD.date):
            faults.append(f"{dataset} does not say on which day it was issued")
        if publisher is not None and (publisher, FOAF.name, None) not in graph:
            faults.append(f"{dataset} has a publisher without a name")
    for distribution in graph.subjects(RDF.type, DCAT.Distribution):
        n += 1
        checksum = graph.value(distribution, SPDX.checksum)
        listed = (str(graph.value(distribution, DCAT.downloadURL)), int(graph.value(distribution, DCAT.byteSize)))
        faults += there(site, *listed, str(graph.value(checksum, SPDX.checksumValue).value.hex()))
    search = read(site / "datasets.jsonld")
    for download in search.subjects(RDF.type, SDO_HTTPS.DataDownload):
        n += 1
        size = int(str(search.value(download, SDO_HTTPS.contentSize)).removesuffix(" B"))
        faults += there(site, str(search.value(download, SDO_HTTPS.contentUrl)), size, str(search.value(download, SDO_HTTPS.sha256)))
    described = set(search.subjects(RDF.type, SDO_HTTPS.Dataset))
    if not datasets or len(datasets) != len(described):
        faults.append(f"{len(datasets)} data sets in one catalogue, {len(described)} in the other")
    return n, faults


def there(site, address, size, sha256):
    file = site / unquote(address.removeprefix(BASE))
    if not file.is_file():
        return [f"{address} is not there"]
    content = file.read_bytes()
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        return [f"{address} is another file than the catalogue says"]
    return []
