"""Made-up viewers who watched the demo's films, gave them stars and had something to say."""
