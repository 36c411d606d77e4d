/** Words for invented titles: 64 × 64 × 9 of them. */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const adjectives = words(`
  Amber Ashen Azure Barren Bitter Bleak Brass Brazen Brindled Bronze Cinder Clockwork Cobalt Copper Coral Crooked
  Dappled Dim Drifting Dusky Ebon Feral Fickle Flint Forlorn Frosted Gilded Glass Granite Hazel Hidden Hushed
  Indigo Ivory Jagged Kindled Leaden Lilac Lonesome Lunar Marble Mellow Misty Molten Mossy Nimble Ochre Opal
  Pale Quiet Rusted Saffron Scarlet Silent Slate Sunken Tidal Umber Velvet Verdant Wandering Waxen Wicker Woven
`);

export const nouns = words(`
  Abbey Almanac Anchorage Apiary Archway Atoll Bastion Belfry Bramble Cairn Canopy Causeway Cistern Cloister Compass Cove
  Delta Dynamo Estuary Ferry Fjord Foundry Gable Gallery Garrison Glade Grotto Gully Hamlet Harbor Hearth Hedgerow
  Hollow Islet Junction Kiln Lagoon Lantern Ledger Lighthouse Loom Marsh Meadow Mill Moorland Observatory Orchard Outpost
  Parlor Pavilion Pier Plateau Quarry Ravine Reef Rookery Sluice Sundial Terrace Thicket Trellis Viaduct Weir Windmill
`);

export const subtitles = [
  'Afterlight',
  'Second Harvest',
  'The Long Winter',
  'Undertow',
  'Last Ferry Home',
  'Homeward',
  'The Missing Bell',
  'Tides of Salt',
];
